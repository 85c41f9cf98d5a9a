import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** @typedef {{ file: string, title: string }} Proof */
/** @typedef {{ id: string, threat: string, proofs: Proof[], outside: string | null }} Row */

/** The rows of the table beside this file. @returns {Row[]} */
export function readTable(text = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8')) {
  return text
    .split('\n')
    .filter((line) => /^\| [SF]\d\d \|/.test(line))
    .map((line) => {
      const [id, threat, control, cell] = line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((part) => part.trim());
      if (cell === '-') return { id, threat, proofs: [], outside: control };
      const proofs = cell.split('<br>').map((part) => {
        const [, file, title] = /^`([^`]+)` (.+)$/.exec(part.trim()) ?? /^`([^`]+)`()$/.exec(part.trim()) ?? [];
        if (!file) throw new Error(`${id}: ${part} is no proof`);
        return { file, title };
      });
      return { id, threat, proofs, outside: null };
    });
}

/** Every test of a vitest report. @returns {{ file: string, title: string, passed: boolean }[]} */
export const testsOfVitest = (report, root) =>
  (report?.testResults ?? []).flatMap(({ name, assertionResults }) =>
    assertionResults.map(({ title, ancestorTitles, status }) => ({
      file: relative(root, name),
      title,
      full: [...ancestorTitles, title].join(' '),
      passed: status === 'passed',
    })),
  );

/** Every test of a Playwright report; one that passed only when tried again did not pass. */
export function testsOfPlaywright(report) {
  const found = [];
  const walk = ({ suites = [], specs = [] }, file) => {
    for (const { title, tests } of specs)
      found.push({
        file: `e2e/${file}`,
        title,
        full: title,
        passed: tests.length > 0 && tests.every(({ status }) => status === 'expected'),
      });
    for (const suite of suites) walk(suite, suite.file ?? file);
  };
  walk(report ?? {}, '');
  return found;
}

/** A row is shown when each of its proofs ran and every test it names passed. @returns {{ row: Row, missing: Proof[] }[]} */
export const judge = (rows, tests) =>
  rows
    .filter(({ outside }) => outside === null)
    .map((row) => ({
      row,
      missing: row.proofs.filter(({ file, title }) => {
        const named = tests.filter(
          (test) => test.file === file && (test.title.startsWith(title) || test.full.startsWith(title)),
        );
        return named.length === 0 || named.some(({ passed }) => !passed);
      }),
    }));
