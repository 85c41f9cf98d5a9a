import { z } from 'zod';
import { jsonSource, slug, sqliteFilesSource, sqliteSource, targetSchemaSource } from './source-schema';

export type { JsonSource, SqliteFilesSource, SqliteSource } from './source-schema';

/** Printable, 1–200 characters; `assets-1` and `assets_1` are two ids. */
export const sourceId = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\p{Cs}]+$/u, 'printable characters only');
/** The built-in system of files that are moved one by one; no fleet file may take its name. */
export const filesSystem = 'files';
export const envName = z.string().regex(/^[A-Z_][A-Z0-9_]*$/, 'an environment variable name, e.g. SX_POSTGRES_DSN');

/** Secrets by name; as a map: variable that the process reads → name of the secret it gets. */
const envSecrets = z.union([z.array(envName), z.record(envName, envName)]).default([]);
/** Variables by value. */
const envValues = z.record(envName, z.string()).default({});

/** Dotted path in a JSON answer that must be true, or must equal a value. */
export const okPath = z.union([
  z.string(),
  z.strictObject({ path: z.string(), equals: z.union([z.string(), z.number(), z.boolean()]) }),
]);

const httpCall = z.strictObject({
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).default('GET'),
  path: z.string().startsWith('/'),
  json: z.unknown().optional(),
});

/** One running process (or several instances of it) of an application. */
export const serviceEntry = z.strictObject({
  name: slug,
  /** One URL an instance; every one of them must report the mode. */
  instances: z.array(z.url()).min(1),
  env_file: z.string(),
  /** Names that the console may write in env_file; everything else in it is kept as it is. */
  env_allow: z.array(envName).min(1),
  log_file: z.string(),
  restart: z.discriminatedUnion('kind', [
    /** The console starts and supervises it, detached; any worker adopts it by pid and birth time. */
    z.strictObject({
      kind: z.literal('managed'),
      argv: z.array(z.string()).min(1),
      cwd: z.string(),
      /** env_file's come on top. */
      env: envValues,
      env_secrets: envSecrets,
      stop_seconds: z.number().positive().default(5),
    }),
    /** Something else supervises it: this argv restarts it (never through a shell). */
    z.strictObject({
      kind: z.literal('command'),
      argv: z.array(z.string()).min(1),
      cwd: z.string(),
      /** Also what shadow and cli commands are given; env_file's come on top. */
      env: envValues,
      env_secrets: envSecrets,
    }),
  ]),
  ready_seconds: z.number().positive().default(20),
  observe: z.strictObject({
    path: z.string().startsWith('/'),
    /** What says in the answer that the service is well. */
    ok: okPath.default('ok'),
    /** Dotted path of the backend mode. Absent where `surfaces` tell it one by one. */
    mode: z.string().optional(),
    /** The service's word → the system's backend mode word. */
    modes: z.record(z.string(), z.string()).default({}),
    /** Stores that have a backend switch each. They need `mode`, `modes` and mode_variable of their own. */
    surfaces: z
      .record(
        slug,
        z.strictObject({
          title: z.string().optional(),
          /** Dotted path of its backend mode in the same answer. */
          mode: z.string(),
          variable: envName,
          modes: z.record(z.string(), z.string()),
        }),
      )
      .default({}),
    /** What stays where it is on purpose: shown as a split state, never as drift. */
    stays: z
      .record(
        slug,
        z.strictObject({
          title: z.string().optional(),
          mode: z.string(),
          /** The service's word for where it is. */
          is: z.string(),
          why: z.string().optional(),
        }),
      )
      .default({}),
  }),
  /** Absent where the surfaces have a variable each. */
  mode_variable: envName.optional(),
  /** Prefix without which the service ignores a variable, and falls back without a word. */
  env_prefix: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]*_$/, 'a prefix with its underscore, e.g. ORCHEO_')
    .optional(),
  /** How writes are held. Without it a fence in the source is the only hold. */
  freeze: z
    .strictObject({
      kind: z.literal('http'),
      on: httpCall,
      off: httpCall,
      state: httpCall,
      /** Dotted path in the state answer: true while held. */
      held: z.string(),
      /** Requests in flight or waiting, dotted path. */
      in_flight: z.string().optional(),
      /** Writes refused since this process holds, dotted path. */
      refused: z.string().optional(),
      /** Header whose value lets our own canary through while users are held. */
      bypass_header: z.string(),
      /** Variable that makes a fresh process start held; its value is the bypass value. */
      start_held_variable: envName,
      token_secret: envName.optional(),
      token_header: z.string().optional(),
    })
    .optional(),
  /** A second process of the same service for smoke: own port and log, schedulers and outbound calls off. */
  shadow: z
    .strictObject({
      argv: z.array(z.string()).min(1),
      cwd: z.string(),
      /** Both on top of the service's own. */
      env: envValues,
      env_secrets: envSecrets,
      port_variable: envName,
      log_variable: envName.optional(),
      /** Names the source file: with it a smoke may run on a copy of the source. */
      source_variable: envName.optional(),
    })
    .optional(),
  admin: z.strictObject({ bootstrap: httpCall.optional() }).optional(),
  cli: z
    .strictObject({
      cwd: z.string(),
      /** On top of the service's own, for every command. */
      env_secrets: envSecrets,
      /** Name → argv; or argv with variables and secrets for this command alone. */
      commands: z.record(
        slug,
        z.union([
          z.array(z.string()).min(1),
          z.strictObject({ argv: z.array(z.string()).min(1), env: envValues, env_secrets: envSecrets }),
        ]),
      ),
    })
    .optional(),
});

export const profileEntry = z.strictObject({
  source_id: sourceId,
  title: z.string().optional(),
  /** Absent: nothing runs on this source, so there is nothing to observe, freeze or restart. */
  service: slug.optional(),
  /** Headers of requests in this profile's name; a value may come from a secret (`{ secret: API_TOKEN, prefix: 'Bearer ' }`). */
  headers: z
    .record(z.string(), z.union([z.string(), z.strictObject({ secret: envName, prefix: z.string().optional() })]))
    .default({}),
  source: z.discriminatedUnion('kind', [sqliteSource, sqliteFilesSource, jsonSource, targetSchemaSource]),
  target: z.strictObject({
    dsn_env: envName,
    admin_dsn_env: envName.optional(),
    /** Derived schema name; checked for length, taken and reserved names. */
    schema: z.string(),
    /** Tables of this profile in a schema that others use too, such as public: nothing else of it is read, made or dropped.
     *  (Default: the whole schema is the profile's) */
    tables: z.array(z.string().min(1)).min(1).optional(),
    registry: z
      .strictObject({
        schema: z.string().default('public'),
        table: z.string(),
        key_column: z.string(),
        schema_column: z.string(),
        created_column: z.string().optional(),
        updated_column: z.string().optional(),
      })
      .optional(),
    /** Tables of a shared schema in which this profile has rows: table → key column. */
    shared_tables: z.record(z.string(), z.string()).default({}),
  }),
  runbook: slug,
  /** Others that may be walked on it: a rehearsal, a smoke. */
  other_runbooks: z.array(slug).default([]),
  /** A real brake: rows per second of an import, for services that share the disk. */
  max_rows_per_second: z.number().int().positive().optional(),
});

export const systemEntry = z.strictObject({
  name: slug,
  title: z.string(),
  services: z.array(serviceEntry).default([]),
  profiles: z.array(profileEntry).min(1),
});

export const fleetFile = z.strictObject({
  /** Environment label in the top bar: production, staging, demo. */
  environment: z.string().min(1).max(24),
  /** Sources, env files and snapshots must lie under one of these. */
  allowed_roots: z.array(z.string()).min(1),
  /** Names of DSNs that Move one file may use, besides those of the profiles. */
  targets: z.array(envName).default([]),
  /** Runbook files, relative to this file; the shipped ones need no line. */
  runbooks: z.array(z.string()).default([]),
  /** May be empty: Move one file needs the allowed roots only. */
  systems: z.array(systemEntry).default([]),
});

export type FleetFile = z.infer<typeof fleetFile>;
export type SystemEntry = z.infer<typeof systemEntry>;
export type ServiceEntry = z.infer<typeof serviceEntry>;
export type ProfileEntry = z.infer<typeof profileEntry>;

/** Names of all that a profile may walk, its own first. */
export const runbooksOf = ({ runbook, other_runbooks: others }: ProfileEntry): string[] => [
  ...new Set([runbook, ...others]),
];
