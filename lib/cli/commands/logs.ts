import { setTimeout as sleep } from 'node:timers/promises';
import { readLogPage } from '@/db/queries/views/read-log-page';
import { exitCodes, readOptions, type Command } from '@/lib/cli/command';
import { findStep, newestCutover } from '@/lib/cli/profile-acts';
import { loadCutoverNow } from '@/lib/cutover/load-cutover';
import { CutoverError } from '@/lib/errors';
import { isLive } from '@/lib/shared/statuses';

const usage = 'cutover logs SYSTEM/SOURCE_ID [STEP] [-f]';
const pageLines = 1_000;
const lookEveryMs = 500;

/** The newest attempt's lines; with -f those to come, until it has ended. */
export const logs: Command = {
  summary: 'print the log of a profile’s newest attempt, or of a step; -f follows it until it has ended',
  help: `Usage: ${usage}

  STEP                 a step of the runbook; without it the attempt that was asked for last
  -f, --follow         go on with new lines until the attempt has ended`,
  async run(argv, output) {
    const { values, positionals } = readOptions(argv, { follow: { type: 'boolean', short: 'f' } }, usage);
    const [given, stepId] = positionals;
    if (!given)
      throw new CutoverError({
        code: 'input_invalid',
        message: 'SYSTEM/SOURCE_ID is missing.',
        advice: `Usage: ${usage}`,
      });
    const { db, rows, steps } = await newestCutover(given);
    if (stepId) findStep(steps, stepId);
    const own = rows.attempts.filter((one) => one.verb !== 'plan' && (!stepId || one.stepId === stepId));
    const attempt = own.toSorted((a, b) => a.queuedAt.getTime() - b.queuedAt.getTime()).at(-1);
    if (!attempt)
      throw new CutoverError({
        code: 'attempt_unknown',
        message: `${stepId ?? given} was not run yet.`,
        advice: 'cutover status says what comes next.',
      });
    output.line(`${attempt.stepId}, attempt ${attempt.no}`);
    const lines = [];
    for (let after = 0; ; ) {
      // Read before the lines: what an ended attempt wrote is then all there.
      const now = (await loadCutoverNow(db, rows.cutover.id)).attempts.find(({ id }) => id === attempt.id);
      const page = await readLogPage(db, { attemptId: attempt.id, after }, pageLines);
      for (const { at, level, text } of page) output.line(`${at.toISOString()} ${level.padEnd(5)} ${text}`);
      lines.push(...(output.json ? page.map(({ seq, at, level, text }) => ({ seq, at, level, text })) : []));
      after = page.at(-1)?.seq ?? after;
      if (page.length === pageLines) continue;
      if (!values.follow || !now || !isLive(now.state)) break;
      await sleep(lookEveryMs);
    }
    output.result({ cutoverId: rows.cutover.id, attemptId: attempt.id, stepId: attempt.stepId, lines });
    return exitCodes.done;
  },
};
