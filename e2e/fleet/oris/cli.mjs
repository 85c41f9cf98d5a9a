/** Oris command line: rehearse, backup, restore, counts. Exit 0 done, 1 failed, 2 wrong use. */
import { parseArgs } from 'node:util';
import { backupSchema, readCounts, rehearse, restoreSchema } from './backup.mjs';
import { ConfigError } from '../parts/errors.mjs';
import { readConfig } from './config.mjs';

const USAGE = `usage:
  cli.mjs rehearse [--schema S] [--file F] [--tools DIR]
                                              seeds a schema of its own, dumps, drops, restores and counts it
  cli.mjs backup --file F [--schema S]        a plain dump of the runtime schema
  cli.mjs restore --file F [--schema S]       drops the schema and plays the dump back
  cli.mjs counts [--schema S]                 the five numbers of the validation
`;
const REHEARSAL_SCHEMA = 'oris_runtime_backup_rehearsal';
const REHEARSAL_FILE = '/tmp/oris_runtime_backup_rehearsal.sql';

class UsageError extends Error {}
const print = (result) => {
  for (const [name, value] of Object.entries(result)) process.stdout.write(`${name}=${value}\n`);
};

const COMMANDS = {
  rehearse: async ({ dsn, env, schema, file, tools }) =>
    print(
      await rehearse({
        dsn,
        schema: schema ?? env.RUNTIME_SCHEMA ?? REHEARSAL_SCHEMA,
        file: file ?? env.BACKUP_FILE ?? REHEARSAL_FILE,
        tools,
      }),
    ),
  backup: async ({ dsn, config, schema = config.schema, file }) => {
    if (!file) throw new UsageError('--file F is required.');
    await backupSchema({ dsn, schema, file });
    print({ backup: 'ok', schema, backup_file: file });
  },
  restore: async ({ dsn, config, schema = config.schema, file }) => {
    if (!file) throw new UsageError('--file F is required.');
    await restoreSchema({ dsn, schema, file });
    print({ restore: 'ok', schema, ...(await readCounts({ dsn, schema })) });
  },
  counts: async ({ dsn, config, schema = config.schema }) => print({ schema, ...(await readCounts({ dsn, schema })) }),
};

async function main() {
  const [command, ...rest] = process.argv.slice(2);
  const { values } = parseArgs({
    args: rest,
    options: { schema: { type: 'string' }, file: { type: 'string' }, tools: { type: 'string' } },
  });
  const run = COMMANDS[command];
  if (!run) throw new UsageError(command ? `unknown command "${command}".` : 'a command is required.');
  // The tools speak to PostgreSQL whatever the server's backend is.
  const config = readConfig({ ...process.env, ORIS_RUNTIME_BACKEND: 'postgres' });
  await run({ dsn: config.dsn, config, env: process.env, ...values });
}

main().then(
  () => process.exit(0),
  (error) => {
    const isUsage = error instanceof UsageError || error.code?.startsWith?.('ERR_PARSE_ARGS');
    process.stderr.write(`oris: ${error.message || error.code}\n${isUsage ? USAGE : ''}`);
    process.exit(isUsage || error instanceof ConfigError ? 2 : 1);
  },
);
