import { caseNames, runCase } from '@/e2e/fixtures/bad-inputs/support/run-case';
import { Stand } from '@/e2e/fixtures/bad-inputs/support/stand';
import openCluster from '@/lib/testing/test-cluster';

/** All cases of the catalogue, on real SQLite files and real PostgreSQL. Arguments pick cases by the beginning of their names. */
const total = 96;
const picked = process.argv.slice(2);
const names = caseNames().filter((name) => !picked.length || picked.some((start) => name.startsWith(start)));

const closeCluster = await openCluster();
const stand = await Stand.open();
let expected = 0;
try {
  for (const name of names) {
    const { outcome, as, why } = await runCase(stand, name);
    if (as === 'expected') expected += 1;
    const word = { expected: 'ok     ', waiting: 'waiting', other: 'OTHER  ' }[as];
    process.stdout.write(`${word} ${outcome} ${name}${why ? `: ${why}` : ''}\n`);
  }
} finally {
  await stand.close();
  await closeCluster();
}
const of = picked.length ? names.length : total;
process.stdout.write(`bad inputs: ${expected} of ${of} as expected, ${stand.silent.length} silent changes\n`);
process.exit(expected === of && stand.silent.length === 0 ? 0 : 1);
