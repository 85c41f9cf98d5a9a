import {
  applySql,
  checkApplied,
  digestOfSql,
  dropApplied,
  readSource,
  sqlStatements,
  withTarget,
} from '@/lib/dataplane';
import { countWords } from '@/lib/shared/words';
import { checkpoint } from './parts/checkpoint';
import { fencingToken } from './parts/fencing-token';
import { dsnOf, liveSource, placeOf, scopeOf } from './parts/places';
import { readSqlParams, type SqlParams, sqlParams } from './parts/sql-params';
import type { MachineStep, StepContext } from './step';

export const step = {
  kind: 'apply-sql',
  title: 'Apply reviewed SQL',
  why: 'Views, triggers and functions that the target is to have and the rows do not bring along.',
  params: sqlParams,
  async plan(_ctx, params) {
    return {
      lines: sqlStatements(readSqlParams(params).text).map((text) => ({
        type: 'sql' as const,
        on: 'target' as const,
        effect: 'write' as const,
        does: 'Runs in one transaction with the other statements of the SQL, or not at all.',
        text,
        undo: 'views, triggers and functions of the schema are dropped by Abandon',
      })),
    };
  },
  async run(ctx, params) {
    const epoch = await fencingToken(ctx);
    const made = await withTarget(
      dsnOf(ctx),
      (client) =>
        applySql(client, {
          place: placeOf(ctx),
          cutoverId: ctx.cutoverId,
          epoch,
          sql: readSqlParams(params).text,
          named: readSqlParams(params).name,
        }),
      { signal: ctx.signal },
    );
    for (const { kind, name, of } of made) ctx.log('info', `${kind} ${name}${of ? ` on ${of}` : ''} made`);
  },
  async check(ctx, params) {
    const found = await withTarget(
      dsnOf(ctx),
      (client) => checkApplied(client, { place: placeOf(ctx), cutoverId: ctx.cutoverId }),
      { readOnly: true, signal: ctx.signal },
    );
    const wrong = found.made.filter(({ same }) => !same);
    const isApplied = found.digest === digestOfSql(readSqlParams(params).text);
    const left = notThere(ctx, found.there);
    ctx.setFact('stillNotCarried', left);
    return {
      checkpoints: [
        checkpoint('applied', 'What the SQL made is there as it was made', isApplied && wrong.length === 0, {
          summary: !isApplied
            ? 'this SQL was not applied'
            : wrong.length
              ? wrong
                  .map(({ kind, name, there }) => `${kind} ${name} ${there ? 'is another one now' : 'is gone'}`)
                  .join('; ')
              : `${countWords(found.made.length, 'object')} made${left.length ? `; still not carried: ${left.join(', ')}` : '; every view and trigger of the source has its like'}`,
          digests: found.digest ? [{ of: 'SQL', sha256: found.digest }] : [],
          table: {
            columns: ['Object', 'Kind', 'On'],
            rows: found.made.map(({ name, kind, of }) => [name, kind, of ?? '']),
          },
        }),
      ],
    };
  },
  async undo(ctx) {
    const epoch = await fencingToken(ctx);
    const dropped = await withTarget(
      dsnOf(ctx),
      (client) => dropApplied(client, { place: placeOf(ctx), cutoverId: ctx.cutoverId, epoch }),
      { signal: ctx.signal },
    );
    for (const one of dropped) ctx.log('info', `${one} dropped`);
  },
} satisfies MachineStep<SqlParams>;

/** Views and triggers of the source for which the target has none of that name. */
const notThere = (ctx: StepContext, there: readonly { kind: string; name: string }[]): string[] =>
  readSource(liveSource(ctx), scopeOf(ctx))
    .extras.filter(({ type }) => type === 'view' || type === 'trigger')
    .filter(({ type, name }) => !there.some((one) => one.kind.endsWith(type) && one.name === name))
    .map(({ type, name }) => `${type} ${name}`);
