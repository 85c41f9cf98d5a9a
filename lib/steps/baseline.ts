import { existsSync } from 'node:fs';
import { z } from 'zod';
import { okPath } from '@/lib/fleet/schema';
import { callService } from '@/lib/services/http';
import { modeOver, observeInstance, saysOk } from '@/lib/services/observe-instance';
import type { Json } from '@/lib/shared/json';
import { checkpoint, prove } from './parts/checkpoint';
import { countLog, serverErrors, statusOf } from './parts/request-log';
import { surfacesIn } from './parts/surfaces';
import type { MachineStep, StepContext } from './step';
import { headersOf } from './parts/places';

const params = z.strictObject({
  reads: z
    .array(
      z.strictObject({
        name: z.string(),
        path: z.string().startsWith('/'),
        /** Dotted path that must be true, or must equal a value. */
        ok: okPath.optional(),
      }),
    )
    .min(1),
  log_window_seconds: z.number().positive().default(600),
});
type Params = z.infer<typeof params>;

export const step = {
  kind: 'baseline',
  title: 'Record the baseline',
  why: 'Health, stats and log of the service as it is, so that later readings have something to be compared with.',
  params,
  async plan(ctx, { reads, log_window_seconds: seconds }) {
    return {
      lines: ctx.services.flatMap((service) => [
        ...service.instances.flatMap((url) =>
          reads.map((read) => ({
            type: 'http' as const,
            on: 'service',
            effect: 'read' as const,
            does: `Records ${read.name}${read.ok ? `; ${okWords(read.ok)}` : ''}.`,
            text: `GET ${url}${read.path}`,
            undo: 'nothing to undo',
          })),
        ),
        {
          type: 'file' as const,
          on: 'service',
          effect: 'read' as const,
          does: `Counts the answers of the last ${seconds} s by method, path and status.`,
          text: service.log_file,
          undo: 'nothing to undo',
        },
      ]),
    };
  },
  async run(ctx) {
    ctx.log('info', 'Nothing is written; the readings are the check.');
  },
  async check(ctx, { reads, log_window_seconds: seconds }) {
    const checkpoints = [];
    const kept: Record<string, Json> = {};
    for (const service of ctx.services) {
      for (const url of service.instances) {
        for (const read of reads) checkpoints.push(await readOnce(ctx, url, read, kept));
        const reading = await observeInstance(service, url, headersOf(ctx), ctx.signal);
        const mode = modeOver(reading, surfacesIn(ctx, service));
        checkpoints.push(
          checkpoint(
            `mode-${url}`,
            `The service runs in ${ctx.runbook.from}`,
            mode === null ? null : mode === ctx.runbook.from,
            {
              summary: reading.error ?? `observed ${mode}`,
            },
          ),
        );
      }
      const until = new Date();
      const counts = existsSync(service.log_file)
        ? countLog(service.log_file, new Date(until.getTime() - seconds * 1000), until)
        : null;
      kept[`log:${service.name}`] = counts;
      const anomalies = Object.entries(counts?.classes ?? {}).filter(([kind]) => statusOf(kind) >= 400);
      checkpoints.push(
        checkpoint(
          `log-${service.name}`,
          'The log of the service can be read and counted',
          counts !== null && (counts.answers > 0 || counts.unread === 0),
          {
            summary: counts
              ? `${counts.answers} answers in ${seconds} s, ${anomalies.reduce((sum, [, n]) => sum + n, 0)} of 400 and up, ${serverErrors(counts)} of 500 and up`
              : `${service.log_file} is not there`,
            table: {
              columns: ['Answer', 'Count'],
              rows: Object.entries(counts?.classes ?? {})
                .sort()
                .map(([kind, count]) => [kind, String(count)]),
              numeric: [1],
            },
          },
        ),
      );
      ctx.setFact(`log.${service.name}`, counts);
    }
    ctx.setFact('readings', kept);
    ctx.setFact('readAt', new Date().toISOString());
    return { checkpoints };
  },
  undo: 'nothing-to-undo',
} satisfies MachineStep<Params>;

const okWords = (ok: z.infer<typeof okPath>): string =>
  typeof ok === 'string' ? `${ok} is true` : `${ok.path} is ${ok.equals}`;

const readOnce = (ctx: StepContext, url: string, read: Params['reads'][number], kept: Record<string, Json>) =>
  prove(`${read.name}-${url}`, read.ok ? `${read.name}: ${okWords(read.ok)}` : `${read.name} is recorded`, async () => {
    const answer = await callService(url, { path: read.path, headers: headersOf(ctx) }, { signal: ctx.signal });
    const ok = answer.status === 200 && (!read.ok || saysOk(answer.json, read.ok));
    kept[`${read.name}:${url}`] = (answer.json ?? answer.text.slice(0, 4000)) as Json;
    return {
      holds: ok,
      summary: `status ${answer.status} in ${answer.ms} ms`,
      raw: (answer.json ?? null) as Json,
      probes: [
        {
          what: `GET ${url}${read.path}`,
          expected: read.ok ? `200, ${okWords(read.ok)}` : '200',
          got: `status ${answer.status}`,
          passed: ok,
        },
      ],
    };
  });
