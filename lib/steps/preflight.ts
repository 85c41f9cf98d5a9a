import { z } from 'zod';
import type { CheckpointResult, PlanLine } from '@/lib/shared/evidence';
import { prove } from './parts/checkpoint';
import { serviceProofs } from './parts/preflight-service';
import { sourceProofs } from './parts/preflight-source';
import { contractProof, environmentProof, targetProofs } from './parts/preflight-target';
import { jsonStoreOf, liveSource, staysOnTarget } from './parts/places';
import { namePatternProof, schemaProofs } from './parts/preflight-schema';
import { sqlProofs } from './parts/sql-proof';
import { readableProof, valuesProof } from './parts/values-proof';
import type { MachineStep } from './step';
import { sourceWords } from '@/lib/fleet/source-files';

const params = z.strictObject({
  /** Names that must have a value in the secrets file. */
  required_env: z.array(z.string()).default([]),
  optional_env: z.array(z.string()).default([]),
  /** Name of the DDL file that says what the system expects (lib/runbooks/contracts). */
  contract: z.string().optional(),
  /** Client tools that must be there and no older than the server. */
  tools: z
    .array(z.enum(['pg_dump', 'pg_restore', 'psql']))
    .min(1)
    .default(['pg_dump', 'pg_restore']),
  /** Regular expression that the schema name must match, where the system's own tools are stricter than its server. */
  schema_pattern: z.string().max(200).optional(),
  /** refuse: a source table or column without a target cannot be left out by a rule. */
  columns_without_target: z.enum(['ask', 'refuse']).default('ask'),
});
type Params = z.infer<typeof params>;

const line = (type: PlanLine['type'], on: string, does: string, text?: string): PlanLine => ({
  type,
  on,
  effect: 'read',
  does,
  text,
  undo: 'nothing to undo',
});

export const step = {
  kind: 'preflight',
  title: 'Preflight',
  why: 'Proves by doing that everything is fit before anything is touched.',
  params,
  async plan(ctx, { required_env: required, tools }) {
    const isLive = staysOnTarget(ctx);
    return {
      lines: [
        line(
          'file',
          'source',
          isLive
            ? 'Reads the live schema: its tables against the contract, room for backups, what earlier restores left.'
            : jsonStoreOf(ctx)
              ? 'Reads every file of the store from its first byte to its last, source ids, room for snapshots.'
              : 'Opens the source read-only: quick_check, source ids, journal, room for snapshots.',
          sourceWords(ctx.profile),
        ),
        {
          ...line(
            'sql',
            'target',
            'Connects, reads settings, and proves rights by making, filling and dropping a probe schema in a transaction that is rolled back.',
            required.join(', '),
          ),
          effect: 'write',
          stays: false,
          undo: 'rolled back at once',
        },
        line(
          'command',
          'console',
          `Asks ${tools.join(', ')} for their versions.`,
          tools.map((tool) => `${tool} --version`).join('\n'),
        ),
        ...ctx.services.flatMap((service) =>
          service.instances.map((url) =>
            line('http', 'service', 'Reads health, mode and hold.', `GET ${url}${service.observe.path}`),
          ),
        ),
        ...(isLive
          ? []
          : [
              line(
                'check',
                'source',
                'Reads every value of the profile and lists those that do not fit the target, each with the rules a person may choose.',
              ),
            ]),
      ],
    };
  },
  async run(ctx) {
    ctx.log('info', 'Nothing is changed; the proofs are the check.');
  },
  async check(ctx, params) {
    const checkpoints: CheckpointResult[] = [];
    const add = (more: CheckpointResult[]): void => {
      for (const one of more)
        ctx.log(one.verdict === 'passed' ? 'info' : 'warn', `${one.claim}: ${one.verdict}. ${one.evidence.summary}`);
      checkpoints.push(...more);
      ctx.progress({ unit: 'checks', done: checkpoints.length, total: null });
    };
    add([environmentProof(ctx, params.required_env, params.optional_env)]);
    const isLive = staysOnTarget(ctx);
    const fits = checkpoints[0]?.verdict === 'passed';
    if (!isLive) add(await sourceProofs(ctx));
    if (isLive && fits) add(await schemaProofs(ctx, params.contract));
    if (fits) add(await targetProofs(ctx, params.tools));
    if (params.schema_pattern) add([await namePatternProof(ctx, params.schema_pattern)]);
    add(await serviceProofs(ctx));
    add([await contractProof(ctx, params.contract)]);
    const isPassed = (start: string): boolean =>
      checkpoints.filter(({ key }) => key.startsWith(start)).every(({ verdict }) => verdict === 'passed');
    const asked = { contract: params.contract, without: params.columns_without_target };
    if (!isLive && isPassed('dsn-') && isPassed('source-opens')) {
      add([
        await prove('values', 'Every value fits, or a person has chosen its rule', () =>
          valuesProof(ctx, { location: liveSource(ctx), ...asked }),
        ),
      ]);
      add(await sqlProofs(ctx));
    } else if (isPassed('dsn-') && jsonStoreOf(ctx)) {
      add([
        await prove('values', 'Every value that could be read fits, or a person has chosen its rule', () =>
          readableProof(ctx, asked),
        ),
      ]);
    }
    return { checkpoints };
  },
  undo: 'nothing-to-undo',
} satisfies MachineStep<Params>;
