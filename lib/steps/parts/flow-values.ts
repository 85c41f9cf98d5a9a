import { createHash } from 'node:crypto';
import { answerQuestions, type SourceQuestion } from '@/lib/dataplane';
import type { Flow } from '@/lib/fleet/flow-schema';
import { CutoverError } from '@/lib/errors';
import { type Names, namesIn } from '@/lib/checks/substitute';
import type { StepContext } from '@/lib/steps/step';
import { liveSource, scopeOf, sourceFrom, staysOnTarget, stepsOf } from './places';

/** A UUID of version 4's form, made from who asks: the same each time within an attempt, another one in the next. */
function uuidOf(ctx: StepContext, number: string): string {
  const hex = createHash('sha256').update(`${ctx.cutoverId}:${ctx.step.id}:${ctx.attemptId}:${number}`).digest('hex');
  const variant = '89ab'[Number.parseInt(hex[16] ?? '0', 16) % 4];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/**
 * Names that belong to one attempt, as far as the flow asks for them: `uuid.N`, `input` (what the last export step wrote), and of
 * the source `count.table.column`, `true.table.column`, `first.table.column`.
 * @param given names that the step gives itself
 * @throws CutoverError runbook_invalid for a table, column or export that is not there
 */
export function attemptNames(ctx: StepContext, flow: Flow, from: 'loaded' | 'live', given: Names = {}): Names {
  const known = new Set([...Object.keys(given), ...flow.checks.flatMap(({ capture }) => Object.keys(capture))]);
  const wanted = namesIn(flow.checks).filter((name) => !known.has(name));
  const uuids = wanted.filter((name) => /^uuid\.\d+$/.test(name));
  return {
    ...Object.fromEntries(uuids.map((name) => [name, uuidOf(ctx, name)])),
    ...(wanted.includes('input') ? { input: exportedPath(ctx) } : {}),
    ...sourceNames(ctx, wanted, from),
  };
}

function sourceNames(ctx: StepContext, wanted: string[], from: 'loaded' | 'live'): Names {
  const asked = wanted.flatMap((name): [string, SourceQuestion][] => {
    const [, ask, table, column] = /^(count|true|first)\.([^.]+)\.([^.]+)$/.exec(name) ?? [];
    return ask && table && column ? [[name, { ask, table, column } as SourceQuestion]] : [];
  });
  if (!asked.length) return {};
  if (staysOnTarget(ctx)) throw invalid(ctx, asked[0]?.[0] ?? '', 'the live schema is the source');
  const loaded = stepsOf(ctx).find((step) => step.kind === 'snapshot-source');
  const location = from === 'loaded' && loaded ? sourceFrom(ctx, loaded.id).location : liveSource(ctx);
  const answers = answerQuestions(
    location,
    scopeOf(ctx),
    asked.map(([, question]) => question),
  );
  return Object.fromEntries(
    asked.map(([name], at) => {
      const value = answers[at];
      if (value === undefined) throw invalid(ctx, name, 'the source has no such column, or no row');
      return [name, value];
    }),
  );
}

function exportedPath(ctx: StepContext): string {
  const exports = stepsOf(ctx).filter((step) => step.kind === 'export');
  const path = exports.map(({ id }) => ctx.factOrNull<string>(id, 'path')).findLast((one) => one !== null);
  if (path) return path;
  throw invalid(ctx, 'input', exports.length ? `${exports.at(-1)?.id} has written nothing` : 'there is no export step');
}

const invalid = (ctx: StepContext, name: string, why: string): CutoverError =>
  new CutoverError({
    code: 'runbook_invalid',
    message: `The flow of step ${ctx.step.id} uses \${${name}}: ${why}.`,
    advice: 'Correct the flow in the runbook, then adopt the changed runbook.',
  });
