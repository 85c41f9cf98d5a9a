/** Orcheo's migration tool: export, import, validate. Exit 0 done, 1 failed, 2 wrong use. */
import { parseArgs } from 'node:util';
import { ConfigError } from '../parts/errors.mjs';
import { withClient } from '../parts/postgres.mjs';
import { readConfig } from './config.mjs';
import { exportAll } from './migration-export.mjs';
import { importAll, validateAll } from './migration-import.mjs';

const USAGE = `usage:
  cli.mjs export --output DIR [--batch-size 1000 --repository-sqlite FILE --chatkit-sqlite FILE --service-token-sqlite FILE]
  cli.mjs import --input DIR [--postgres-dsn DSN --no-resume]
  cli.mjs validate --input DIR [--postgres-dsn DSN]
`;

class UsageError extends Error {}
const report = (text) => process.stdout.write(`${text}\n`);

function need(values, name) {
  if (!values[name]) throw new UsageError(`--${name} is required.`);
  return values[name];
}

function onTarget(values, work) {
  const dsn = values['postgres-dsn'] ?? process.env.ORCHEO_POSTGRES_DSN;
  if (!dsn) throw new UsageError('--postgres-dsn or ORCHEO_POSTGRES_DSN is required.');
  return withClient(dsn, work, 'orcheo cli');
}

async function runExport(values) {
  const { files } = readConfig({
    ...process.env,
    ORCHEO_REPOSITORY_BACKEND: '',
    ORCHEO_CHECKPOINT_BACKEND: '',
    ORCHEO_CHATKIT_BACKEND: '',
    ORCHEO_GRAPH_STORE_BACKEND: '',
  });
  const batchSize = Number(values['batch-size']);
  if (!Number.isInteger(batchSize) || batchSize < 1) throw new UsageError('--batch-size must be a whole number.');
  exportAll({
    files: {
      workflows: values['repository-sqlite'] ?? files.workflows,
      chatkit: values['chatkit-sqlite'] ?? files.chatkit,
      service_tokens: values['service-token-sqlite'] ?? files.service_tokens,
    },
    output: need(values, 'output'),
    batchSize,
    report,
  });
  return 0;
}

async function runImport(values) {
  const input = need(values, 'input');
  await onTarget(values, (client) => importAll({ client, input, resume: !values['no-resume'], report }));
  return 0;
}

async function runValidate(values) {
  const input = need(values, 'input');
  const result = await onTarget(values, (client) => validateAll({ client, input }));
  report(JSON.stringify(result));
  if (!result.ok) process.stderr.write('Validation failed; see mismatch report\n');
  return result.ok ? 0 : 1;
}

const COMMANDS = { export: runExport, import: runImport, validate: runValidate };

async function main() {
  const [command, ...rest] = process.argv.slice(2);
  const text = { type: 'string' };
  const { values } = parseArgs({
    args: rest,
    options: {
      output: text,
      input: text,
      'batch-size': { type: 'string', default: '1000' },
      'repository-sqlite': text,
      'chatkit-sqlite': text,
      'service-token-sqlite': text,
      'postgres-dsn': text,
      'no-resume': { type: 'boolean', default: false },
    },
  });
  const run = COMMANDS[command];
  if (!run) throw new UsageError(command ? `unknown command "${command}".` : 'a command is required.');
  return run(values);
}

main().then(
  (code) => process.exit(code),
  (error) => {
    const wrongUse =
      error instanceof UsageError || error instanceof ConfigError || error.code?.startsWith?.('ERR_PARSE_ARGS');
    const detail = error.detail ? ` (${error.detail})` : '';
    process.stderr.write(`orcheo: ${error.message || error.code}${detail}\n${wrongUse ? USAGE : ''}`);
    process.exit(wrongUse ? 2 : 1);
  },
);
