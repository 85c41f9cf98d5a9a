import { z } from 'zod';

export const slug = z.string().regex(/^[a-z0-9][a-z0-9_.-]*$/i, 'letters, digits, dot, dash, underscore');

/** Files that belong to the source and are no tables (an audit log, say), by name: copied byte for byte with it, never read as text. */
const companions = z.record(slug, z.string()).optional();

export const sqliteSource = z.strictObject({
  kind: z.literal('sqlite-file'),
  path: z.string(),
  companions,
  /** Tables that hold several profiles: the column that names the profile. Tables without it are listed in `whole`. */
  scope_column: z.string().optional(),
  /** Table → its own scope column, where it differs from scope_column (`sources` uses `id`). */
  scope_columns: z.record(z.string(), z.string()).default({}),
});

/** Several SQLite files of one profile; the tables of all of them land in one schema. */
export const sqliteFilesSource = z.strictObject({
  kind: z.literal('sqlite-files'),
  /** Their folder; names of files are below it, unless they are full paths. */
  path: z.string(),
  companions,
  /** Name → file, and the surface of the service that keeps it. */
  files: z
    .record(slug, z.strictObject({ file: z.string(), surface: slug.optional() }))
    .refine((files) => Object.keys(files).length > 0, 'at least one file'),
  /** Files of the profile that stay where they are, each with why: listed in the plan, copied as proof, never moved. */
  excluded: z.record(slug, z.strictObject({ file: z.string(), why: z.string() })).default({}),
  scope_column: z.string().optional(),
  scope_columns: z.record(z.string(), z.string()).default({}),
});

const pointer = z.string().regex(/^(\/([^~/]|~[01])*)*$/, 'a JSON pointer, e.g. /pending');

/** JSON and NDJSON files of an application that keeps them as its store. */
export const jsonSource = z.strictObject({
  kind: z.literal('json-store'),
  /** A folder, or one file. */
  path: z.string(),
  companions,
  /** Without them each file becomes a table of its own. */
  records: z
    .array(
      z.strictObject({
        table: z.string().min(1),
        /** Name below the folder; `*` stands for any characters but `/`. */
        files: z.string().min(1),
        format: z.enum(['ndjson', 'array', 'object-of-arrays', 'object-map', 'single']),
        /** Lists of an object-of-arrays. */
        pointer: z.union([pointer, z.array(pointer).min(1)]).optional(),
        /** Column for what names a record from outside: key of an object-map, list of an object-of-arrays, file of a single. */
        name_column: z.string().min(1).optional(),
        /** Column that is the key. (Default: id, where every record has one) */
        key: z.string().optional(),
        /** Column for the record's place among those of its set: 1, 2, 3. For logs whose order is their meaning. */
        position_column: z.string().min(1).optional(),
        columns: z
          .union([
            z.literal('auto'),
            z.record(z.string().min(1), z.strictObject({ pointer, type: z.literal('json').optional() })),
          ])
          .default('auto'),
        /** With `columns: auto`: key of a record → its column, where that has another name. */
        fields: z.record(z.string().min(1), z.string().min(1)).optional(),
      }),
    )
    .default([]),
  /** Files that stay files on purpose, as patterns: told in the findings, never moved, and not fenced. */
  stays: z.array(z.string().min(1)).optional(),
  scope_column: z.string().optional(),
  scope_columns: z.record(z.string(), z.string()).default({}),
});

/** No store beside the target: the live schema itself is what is backed up and restored, and nothing is switched. */
export const targetSchemaSource = z.strictObject({ kind: z.literal('target-schema'), companions });

export type SqliteSource = z.infer<typeof sqliteSource>;
export type SqliteFilesSource = z.infer<typeof sqliteFilesSource>;
export type JsonSource = z.infer<typeof jsonSource>;
