/** sx_db command line: import, pg-bootstrap, export-userdata, doctor. Exit 0 done, 1 failed, 2 wrong use. */
import { parseArgs } from 'node:util';
import Database from 'better-sqlite3';
import { bootstrapSource, userOfDsn } from './bootstrap-source.mjs';
import { ConfigError } from '../parts/errors.mjs';
import { withClient } from '../parts/postgres.mjs';
import { readConfig, requireDsn } from './config.mjs';
import { quoteIdent } from './ddl.mjs';
import { runDoctor } from './doctor.mjs';
import { exportUserdata } from './export-userdata.mjs';
import { importSource } from './import-source.mjs';

const USAGE = `usage:
  cli.mjs import --source ID                     row by row from SX_DB_PATH; needs SX_DB_BACKEND_MODE=POSTGRES_PRIMARY
  cli.mjs pg-bootstrap --source ID [--schema S]  maps the source and makes its tables
  cli.mjs export-userdata --source ID --output FILE[.gz]
  cli.mjs doctor [--source ID]
`;

class UsageError extends Error {}
const report = (text) => process.stdout.write(`${text}\n`);

function openSource(config, sourceId) {
  const db = new Database(config.dbPath, { readonly: true, fileMustExist: true });
  if (!db.prepare('SELECT 1 FROM sources WHERE id = ?').get(sourceId)) {
    db.close();
    throw new Error(`source_id "${sourceId}" is not in ${config.dbPath}.`);
  }
  return db;
}

const onDatabase = (dsn, work) => withClient(dsn, work, 'sx_db cli');

async function runImport(config, { source }) {
  if (config.mode !== 'POSTGRES_PRIMARY')
    throw new UsageError('import writes to PostgreSQL only with SX_DB_BACKEND_MODE=POSTGRES_PRIMARY.');
  await onDatabase(requireDsn(config), async (client) => {
    const found = await client
      .query(`SELECT schema_name FROM public.${quoteIdent(config.registryTable)} WHERE source_id = $1`, [source])
      .catch((error) => {
        throw error.code === '42P01'
          ? new Error(`The registry is missing; run pg-bootstrap --source ${source} first.`)
          : error;
      });
    if (found.rows.length === 0)
      throw new Error(`source_id "${source}" is not mapped; run pg-bootstrap --source ${source} first.`);
    const db = openSource(config, source);
    try {
      await importSource({ db, client, sourceId: source, schema: found.rows[0].schema_name, report });
    } finally {
      db.close();
    }
  });
}

async function runBootstrap(config, { source, schema }) {
  const dsn = requireDsn(config);
  await onDatabase(config.adminDsn ?? dsn, async (client) => {
    const ownerRole = config.adminDsn ? userOfDsn(dsn) : null;
    const made = await bootstrapSource(client, config, source, { schema, ownerRole }).catch((error) => {
      if (error.code !== '23505') throw error;
      throw new Error(`The schema for "${source}" belongs to another source_id: ${error.detail ?? error.message}`);
    });
    report(
      `${source} → ${made.schema} (${made.created ? 'mapped now' : 'mapped before'}); tables and indexes are in place.`,
    );
  });
}

async function runExport(config, { source, output }) {
  if (!output) throw new UsageError('--output FILE is required.');
  const db = openSource(config, source);
  try {
    const count = await exportUserdata({ db, sourceId: source, output });
    report(`${output}: ${count.user_meta} user_meta, ${count.video_note} video_note`);
  } finally {
    db.close();
  }
}

const COMMANDS = { import: runImport, 'pg-bootstrap': runBootstrap, 'export-userdata': runExport };

async function main() {
  const [command, ...rest] = process.argv.slice(2);
  const { values } = parseArgs({
    args: rest,
    options: { source: { type: 'string' }, schema: { type: 'string' }, output: { type: 'string' } },
  });
  const config = readConfig(process.env);
  if (command === 'doctor') return (await runDoctor({ config, sourceId: values.source, report })) ? 0 : 1;
  const run = COMMANDS[command];
  if (!run) throw new UsageError(command ? `unknown command "${command}".` : 'a command is required.');
  if (!values.source) throw new UsageError('--source ID is required.');
  await run(config, values);
  return 0;
}

main().then(
  (code) => process.exit(code),
  (error) => {
    const wrongUse =
      error instanceof UsageError || error instanceof ConfigError || error.code?.startsWith?.('ERR_PARSE_ARGS');
    process.stderr.write(
      `sx_db: ${error.message || error.code}\n${wrongUse && !(error instanceof ConfigError) ? USAGE : ''}`,
    );
    process.exit(wrongUse ? 2 : 1);
  },
);
