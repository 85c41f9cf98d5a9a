/** A run that left no report, or failed outside its tests, counts as one failure: silence is never green. */
const atLeastOne = (counts, code) => (code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts);

export function countVitest(report, code) {
  if (!report) return { passed: 0, failed: 1 };
  return atLeastOne({ passed: report.numPassedTests, failed: report.numFailedTests }, code);
}

/** A flaky test passed only when tried again, and one that did not run proved nothing: both are failures. */
export function countPlaywright(report, code) {
  if (!report) return { passed: 0, failed: 1 };
  return atLeastOne(
    { passed: report.stats.expected, failed: report.stats.unexpected + report.stats.flaky + report.stats.skipped },
    code,
  );
}

export function lastLine(parts) {
  const sum = (name) => parts.reduce((total, part) => total + part[name], 0);
  return `${sum('passed')} passed, ${sum('failed')} failed`;
}
