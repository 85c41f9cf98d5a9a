import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const cell = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

const whenOf = (seconds) => (seconds === 0 ? 'T-0' : `T${seconds < 0 ? '-' : '+'}${Math.abs(seconds) / 60}m`);

/** What is looked at, in words, for one proof of lib/testing/criteria.ts. */
function checkOf(proof) {
  if (proof.claim) return cell(proof.claim);
  if (proof.item) return `a person ticks “${cell(proof.item)}”, with a note`;
  if (proof.after) return `gate: it cannot start before \`${proof.after}\` is passed`;
  if (proof.at_seconds !== undefined) return `planned at ${whenOf(proof.at_seconds)}`;
  if (proof.leaves) return `its plan writes nothing to the ${proof.leaves}`;
  return 'a person who ran no step decides on the evidence';
}

/** Wrong turns: what ends them, what a person then reads, and the test that takes them. */
const trapsOf = (traps) =>
  traps.length
    ? [
        '| trap | step | what a person reads | taken in |',
        '|---|---|---|---|',
        ...traps.map(
          ({ trap, step, says, test }) =>
            `| ${cell(trap)} | \`${step}\` | ${cell(says)} | \`${test.file}\`: ${cell(test.name)} |`,
        ),
        '',
      ]
    : [];

function sectionOf(folder, name) {
  const { seed, also = [], criteria, traps = [] } = parse(readFileSync(join(folder, `${name}.yaml`), 'utf8'));
  const rows = criteria.flatMap(({ line, proof, note }) =>
    proof.map((one, at) => [at === 0 ? cell(note ? `${line} (${note})` : line) : '', `\`${one.step}\``, checkOf(one)]),
  );
  return [
    `## ${name}`,
    '',
    `Seed: \`${seed}\`. ${criteria.length} lines${also.length ? `; also walked: ${also.map((one) => `\`${one}\``).join(', ')}` : ''}.`,
    '',
    '| seed line | step | check |',
    '|---|---|---|',
    ...rows.map((row) => `| ${row.join(' | ')} |`),
    '',
    ...trapsOf(traps),
  ];
}

/** The README of the runbooks: every line of a seed, the step that answers it, the check that proves it. */
export function criteriaTable(folder) {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => name.slice(0, -5))
    .sort();
  return [
    '# Runbooks',
    '',
    'One file a runbook. Made by `npm run gen` from `criteria/`: seed line → step → check. The walk of each system ends with',
    '`expectCriteria(walk)`, which holds every claim below against the evidence of that walk, and `criteria.test.ts` every gate,',
    'checklist item and sign-off against the runbook. A second table holds the traps of a system, the worst first, each with the',
    'test that walks into it.',
    '',
    ...names.flatMap((name) => sectionOf(folder, name)),
  ].join('\n');
}
