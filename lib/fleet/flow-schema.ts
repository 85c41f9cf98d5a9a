import { z } from 'zod';
import { unboundNames } from './sql-text';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const name = z.string().regex(/^[a-z][a-z0-9_]*$/, 'lower case, digits, underscores');

/**
 * What a value must be. A bare value means `equals`. Texts may hold `${name}`: `source_id`, `schema`, `mode.from`, `mode.to`,
 * `mark` (found in no row of the tenant), `unknown_source`, `rows.TABLE` and `last.TABLE` (rows of the source, and one less),
 * `count.TABLE.COLUMN` (rows in which it is not NULL), `true.TABLE.COLUMN` (neither NULL nor 0), `first.TABLE.COLUMN` (in the
 * first row by key), `uuid.1` … (new with each attempt), `input` (what the last export step wrote), `neighbour.source_id`, and
 * whatever an earlier check captured.
 */
export const matcher = z.union([
  scalar,
  z.strictObject({
    equals: scalar.optional(),
    not_equals: scalar.optional(),
    exists: z.boolean().optional(),
    /** A regular expression found in the text. */
    matches: z.string().max(200).optional(),
    at_least: z.union([z.number(), z.string()]).optional(),
    contains: scalar.optional(),
  }),
]);

const common = {
  /** A claim: what holds when the check passes. */
  name: z.string().min(1),
  /** The check passes only when the call is refused (status 400 and up, an SQL error, an exit code that is not 0). */
  must_fail: z.boolean().default(false),
  /** Once for every other profile of the system, as `${neighbour.source_id}`. */
  for_each: z.literal('neighbour').optional(),
  /** Held only where the cutover moves this surface of the service. */
  surface: z.string().optional(),
  /** Waited before the first try, for what must not come too soon. (Default: 0) */
  wait_ms: z.number().int().min(1).max(60_000).optional(),
  /** Tried again until it passes, for what needs a moment. */
  retry: z
    .strictObject({ times: z.number().int().min(1).max(100), every_ms: z.number().int().min(10).max(10_000) })
    .optional(),
  /** Name → dotted path in the answer (`items.0.id`), or `header:Name`. */
  capture: z.record(name, z.string()).default({}),
  /** What holds where the check does not pass, for a service of which both are known: told as a finding, and no failure. */
  or_finding: z.string().min(1).optional(),
};

/** A row that the check may write: kept before, put back afterwards. */
const writtenRow = z.strictObject({ table: z.string(), key: z.record(z.string(), scalar) });
/** Rows that a call makes under keys the service chooses: those that fit, `column` or `column/member` of a JSON column. One
 *  value must hold `${mark}`, so that no other row fits. */
const madeRows = z
  .strictObject({ table: z.string(), where: z.record(z.string().min(1), scalar) })
  .refine(({ where }) => Object.values(where).some((value) => String(value).includes('${mark}')), {
    message: 'one value of where must hold ${mark}, which is found in no row of the tenant',
  });

export const httpCheck = z.strictObject({
  kind: z.literal('http'),
  ...common,
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).default('GET'),
  path: z.string().startsWith('/'),
  query: z.record(z.string(), z.string()).default({}),
  /** On top of the profile's headers; null takes one away. */
  headers: z.record(z.string(), z.string().nullable()).default({}),
  json: z.unknown().optional(),
  writes: z.array(writtenRow).default([]),
  /** Deleted when the flow ends. */
  makes: z.array(madeRows).default([]),
  /** Takes away what earlier calls of the flow made: called whatever happened to them, also when the flow is cut off. */
  takes_away: z.boolean().default(false),
  expect: z
    .strictObject({
      status: z.union([z.number().int(), z.array(z.number().int()).min(1)]).default(200),
      headers: z.record(z.string(), matcher).default({}),
      json: z.record(z.string(), matcher).default({}),
      /** Texts that must not be anywhere in the answer. */
      lacks: z.array(z.string()).default([]),
    })
    .prefault({}),
});

export const sqlCheck = z.strictObject({
  kind: z.literal('sql'),
  ...common,
  on: z.enum(['target', 'source']),
  /** One statement, run in a read-only transaction; on the target the profile's schema comes first in the search path. A
   *  `${name}` in it is bound as a parameter. */
  sql: z
    .string()
    .min(1)
    .refine((sql) => unboundNames(sql).length === 0, {
      message: 'a ${name} within quotes or a comment cannot be bound: write it outside of them',
    }),
  params: z.array(scalar).default([]),
  expect: z
    .strictObject({
      rows: z.number().int().nonnegative().optional(),
      /** Paths over the list of rows: `0.rating`. */
      json: z.record(z.string(), matcher).default({}),
    })
    .prefault({}),
});

export const scriptCheck = z.strictObject({
  kind: z.literal('script'),
  ...common,
  /** Name of a command of the service's cli in the fleet file; no shell is involved. */
  command: z.string(),
  args: z.array(z.string()).default([]),
  timeout_seconds: z.number().positive().max(600).default(60),
  expect: z.strictObject({ exit: z.number().int().default(0), output: matcher.optional() }).prefault({}),
});

const flowCheck = z.discriminatedUnion('kind', [httpCheck, sqlCheck, scriptCheck]);
export const flowFile = z.strictObject({
  title: z.string(),
  checks: z.array(flowCheck).min(1),
});

export type Matcher = z.infer<typeof matcher>;
export type HttpCheck = z.infer<typeof httpCheck>;
export type SqlCheck = z.infer<typeof sqlCheck>;
export type ScriptCheck = z.infer<typeof scriptCheck>;
export type FlowCheck = z.infer<typeof flowCheck>;
export type Flow = z.infer<typeof flowFile>;
export type WrittenRow = z.infer<typeof writtenRow>;
export type MadeRows = z.infer<typeof madeRows>;
