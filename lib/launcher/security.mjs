import { judge, readTable, testsOfPlaywright, testsOfVitest } from '../testing/security/judge.mjs';
import { root } from './home.mjs';
import { say } from './say.mjs';
import { inParts, readReport } from './test.mjs';

/** Every proof of lib/testing/security/README.md, and what it comes to for each threat. */
export async function security() {
  const rows = readTable();
  const files = [...new Set(rows.flatMap(({ proofs }) => proofs.map(({ file }) => file)))];
  const specs = files.filter((file) => file.endsWith('.spec.ts'));
  const tests = [];
  const code = await inParts({ CUTOVER_LONG: '1' }, async ({ part, unit, browser, env }) => {
    await part('security, without a browser', 300, () =>
      unit(
        env,
        files.filter((file) => !specs.includes(file)),
      ),
    );
    tests.push(...testsOfVitest(readReport('vitest.json'), root));
    await part('security, on a console', 300, () =>
      browser(
        // What is shown of the console is shown on one system; the others only take time.
        { ...env, CUTOVER_E2E_SYSTEMS: 'sx' },
        'e2e/playwright.config.ts',
        specs.map((file) => file.replace('e2e/', '')),
      ),
    );
    tests.push(...testsOfPlaywright(readReport('playwright.json')));
  });
  const judged = judge(rows, tests);
  for (const { row, missing } of judged) {
    say(`${missing.length ? 'NOT SHOWN' : 'shown    '} ${row.id} ${row.threat}`);
    for (const { file, title } of missing) say(`            ${file}: ${title}`);
  }
  for (const { id, outside } of rows) if (outside !== null) say(`outside   ${id} ${outside}`);
  const shown = judged.filter(({ missing }) => missing.length === 0).length;
  say(`security: ${shown} of ${judged.length} shown`);
  return code === 0 && shown === judged.length ? 0 : 1;
}
