import { statfsSync } from 'node:fs';
import { compareTargets, readAsides, readTarget, withTarget } from '@/lib/dataplane';
import { textRows } from '@/lib/dataplane/connect-target';
import { CutoverError } from '@/lib/errors';
import type { CheckpointResult } from '@/lib/shared/evidence';
import { formatBytes } from '@/lib/shared/format';
import { countWords } from '@/lib/shared/words';
import type { StepContext } from '@/lib/steps/step';
import { prove } from './checkpoint';
import { contractOf, readContractTarget } from './contract';
import { dsnOf, placeOf } from './places';

/** What must hold of a live schema that is backed up and restored. */
export async function schemaProofs(ctx: StepContext, contract?: string): Promise<CheckpointResult[]> {
  const { schema } = placeOf(ctx);
  const there = await prove('source-opens', `The live schema ${schema} is there and holds tables`, () =>
    liveSchema(ctx),
  );
  if (there.verdict !== 'passed') return [there];
  return [
    there,
    await prove('schema-contract', 'The live schema has the tables of its contract', () => sameTables(ctx, contract)),
    await prove('space', 'There is room for the backups', () => room(ctx)),
    await prove('asides', 'What earlier restores set aside is named', async () => {
      const left = await readAsides(placeOf(ctx));
      return { holds: true, summary: left.length ? `${left.join(', ')}; close drops them` : 'nothing stands aside' };
    }),
  ];
}

/** A name that one side takes and a tool of the system refuses is found before the tool is needed. */
export const namePatternProof = (ctx: StepContext, pattern: string): Promise<CheckpointResult> =>
  prove('schema-pattern', "The schema name keeps the rule of the system's own tools", () => {
    const { schema } = ctx.profile.target;
    if (new RegExp(pattern, 'u').test(schema)) return { holds: true, summary: `${schema} matches ${pattern}` };
    throw new CutoverError({
      code: 'schema_name_invalid',
      message: `The system's own tools refuse the schema name ${schema}: it does not match ${pattern}.`,
      advice: 'Rename the schema and name it so in the fleet file, or take schema_pattern out of the runbook.',
    });
  });

const liveSchema = (ctx: StepContext) =>
  withTarget(
    dsnOf(ctx),
    async (client) => {
      const { schema } = placeOf(ctx);
      const target = await readTarget(client, placeOf(ctx));
      const own = target.tables.filter((table) => table.schema === schema);
      if (!own.length)
        throw new CutoverError({
          code: 'schema_missing',
          message: `Schema ${schema} ${target.exists ? 'holds no table' : 'does not exist'}: there is nothing to back up.`,
          advice: 'Check target.schema of the profile in the fleet file, and that the service made its tables.',
        });
      return { holds: true, summary: `${countWords(own.length, 'table')}: ${own.map(({ name }) => name).join(', ')}` };
    },
    { readOnly: true, signal: ctx.signal },
  );

const sameTables = (ctx: StepContext, named?: string) =>
  withTarget(
    dsnOf(ctx),
    async (client) => {
      const contract = contractOf(ctx, named);
      if (!contract) return { holds: true, summary: 'no contract; the tables are taken as they are' };
      const expected = await readContractTarget(client, placeOf(ctx), contract);
      const differences = compareTargets(expected, await readTarget(client, placeOf(ctx)));
      return {
        holds: differences.length === 0,
        summary: differences.length
          ? `${differences.join('; ').slice(0, 600)} (contract_differs)`
          : `as ${contract.name} says`,
        digests: [{ of: contract.name, sha256: contract.digest }],
      };
    },
    { signal: ctx.signal },
  );

/** Two backups beside each other. */
async function room(ctx: StepContext) {
  const { schema } = placeOf(ctx);
  const bytes = await withTarget(
    dsnOf(ctx),
    async (client) => {
      const [row] = await textRows<{ bytes: string }>(
        client,
        `select coalesce(sum(pg_total_relation_size(c.oid)), 0)::text as bytes from pg_class c
         join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relkind = 'r'`,
        [schema],
      );
      return BigInt(row?.bytes ?? '0');
    },
    { readOnly: true, signal: ctx.signal },
  );
  const disk = statfsSync(ctx.snapshotDir, { bigint: true });
  const free = disk.bavail * disk.bsize;
  const needed = bytes * 2n + 64n * 1024n * 1024n;
  if (free > needed)
    return { holds: true, summary: `${formatBytes(free)} free in ${ctx.snapshotDir}, ${formatBytes(needed)} needed` };
  throw new CutoverError({
    code: 'disk_full',
    message: `${ctx.snapshotDir} has ${formatBytes(free)} free; the backups need ${formatBytes(needed)}.`,
    advice: 'Make room there, or set CUTOVER_HOME to a larger disk.',
    retry: 'later',
  });
}
