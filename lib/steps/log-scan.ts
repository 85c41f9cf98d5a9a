import { existsSync } from 'node:fs';
import type { ServiceEntry } from '@/lib/fleet/schema';
import type { PlanLine } from '@/lib/shared/evidence';
import { lastingFact } from '@/lib/shared/lasting';
import {
  type JudgedBy,
  judgeAnswers,
  judgedBy,
  judgeTexts,
  lastsInLog,
  stretchSinceSwitch,
} from './parts/log-judgement';
import { markOutput, outputFiles } from './parts/service-output';
import type { MachineStep } from './step';

export const step = {
  kind: 'log-scan',
  title: 'Scan the log',
  why: 'Looks for 400 and 500 answers that the baseline did not have.',
  params: judgedBy,
  async plan(ctx, { times_baseline: times, at_least: atLeast, must_lack: texts }) {
    return {
      lines: ctx.services.flatMap((service) => [
        {
          type: 'file' as const,
          on: 'service',
          effect: 'read' as const,
          does: `Counts the answers since users were let through. An answer of 500 and up of a kind the baseline lacks fails, and so does a kind of 400 and up at more than ${times} times its rate there (from ${atLeast} answers on).`,
          text: service.log_file,
          undo: 'nothing to undo',
        },
        ...lackLines(service, texts),
      ]),
    };
  },
  async run(ctx) {
    ctx.log('info', 'Nothing is written; the count is the check.');
  },
  async check(ctx, wanted) {
    const stretch = stretchSinceSwitch(ctx, new Date());
    // Close goes on from here; what is said meanwhile is read there, not by nobody.
    const marks = Object.fromEntries(Object.entries(markOutput(ctx.services)).filter(([file]) => existsSync(file)));
    const checkpoints = ctx.services.flatMap((service) => [
      ...(wanted.must_lack.length ? [judgeTexts(ctx, service, wanted.must_lack, stretch)] : []),
      judgeAnswers(ctx, service, wanted, stretch),
    ]);
    ctx.setFact('scanned', { until: stretch.until.toISOString(), marks });
    if (lastsInLog(checkpoints)) ctx.setFact(lastingFact, 'What it found stays in the log, so a retry finds it again.');
    return { checkpoints };
  },
  undo: 'nothing-to-undo',
} satisfies MachineStep<JudgedBy>;

const lackLines = (service: ServiceEntry, texts: readonly string[]): PlanLine[] =>
  texts.length
    ? [
        {
          type: 'file',
          on: 'service',
          effect: 'read',
          does: `Looks for texts that it must not have said since the switch: ${texts.map((text) => `“${text}”`).join(', ')}.`,
          text: outputFiles(service).join('\n'),
          undo: 'nothing to undo',
        },
      ]
    : [];
