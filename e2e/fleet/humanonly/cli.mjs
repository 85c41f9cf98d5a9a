/** HumanOnly command line: cutover, snapshot, audit-verify. Exit 0 done, 1 failed, 2 wrong use. */
import { renameSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { verifyAuditFile } from './audit-log.mjs';
import { ConfigError } from '../parts/errors.mjs';
import { readConfig } from './config.mjs';
import { fingerprint, readSqlite, runCutover } from './cutover.mjs';
import { judgeSignOffs } from './sign-offs.mjs';

const USAGE = `usage:
  cli.mjs cutover --action plan|apply|verify [--sqlite-file FILE] [--postgres-url URL] [--output FILE]
                  [--execute --human-approval-ref REF]      both are needed for apply
  cli.mjs snapshot --output FILE [--sqlite-file FILE]       every row and the fingerprint as one JSON file
  cli.mjs audit-verify [--audit-file FILE]
  cli.mjs sign-offs --manifest FILE                         the four roles, each with its decision
`;

class UsageError extends Error {}
const report = (text) => process.stdout.write(`${text}\n`);

async function cutover(config, values) {
  const { action, execute, output } = values;
  if (!['plan', 'apply', 'verify'].includes(action)) throw new UsageError('--action must be plan, apply or verify.');
  const url = values['postgres-url'] ?? config.postgres.url;
  if (action !== 'plan' && !url) throw new UsageError('--postgres-url or HUMANONLY_POSTGRES_URL is required.');
  const humanApprovalRef = values['human-approval-ref'] ?? null;
  if (action === 'apply' && !execute) throw new UsageError('apply needs --execute.');
  if (action === 'apply' && !humanApprovalRef) throw new UsageError('apply needs --human-approval-ref.');
  const { report: made, ok } = await runCutover({
    action,
    sqliteFile: values['sqlite-file'] ?? config.dbFile,
    config: { ...config, postgres: { ...config.postgres, url } },
    output,
    humanApprovalRef,
  });
  if (!output) report(JSON.stringify(made, null, 2));
  else
    report(
      `${action}: ${ok ? 'ok' : 'not ok'}, ${made.source.integrityViolations.length} integrity violations, ${output}`,
    );
  return ok;
}

async function snapshot(config, values) {
  if (!values.output) throw new UsageError('--output FILE is required.');
  const data = await readSqlite(values['sqlite-file'] ?? config.dbFile);
  const made = { generatedAt: new Date().toISOString(), fingerprint: fingerprint(data), ...data };
  writeFileSync(`${values.output}.partial`, `${JSON.stringify(made)}\n`, { mode: 0o640 });
  renameSync(`${values.output}.partial`, values.output);
  for (const table of ['users', 'posts', 'reports', 'appeals']) report(`${table}=${data[table].length}`);
  report(`fingerprint=${made.fingerprint}`);
  return true;
}

async function auditVerify(config, values) {
  const found = verifyAuditFile(values['audit-file'] ?? config.auditFile);
  report(`audit_chain=${found.valid ? 'ok' : 'broken'}`);
  report(`records=${found.records}`);
  report(`last_hash=${found.lastHash ?? ''}`);
  if (!found.valid) report(`first_bad_sequence=${found.firstBadSequence}\nreason=${found.reason}`);
  return found.valid;
}

async function signOffs(_config, values) {
  if (!values.manifest) throw new UsageError('--manifest FILE is required.');
  const { gates, pending } = judgeSignOffs(values.manifest);
  for (const gate of gates) report(`${gate.gate}=${gate.status} ${gate.details}`);
  for (const { subject } of pending) report(`pending: ${subject}`);
  return gates.every((gate) => gate.status === 'pass');
}

const COMMANDS = { cutover, snapshot, 'audit-verify': auditVerify, 'sign-offs': signOffs };
const names = ['action', 'sqlite-file', 'postgres-url', 'output', 'human-approval-ref', 'audit-file', 'manifest'];

async function main() {
  const [command, ...rest] = process.argv.slice(2);
  const options = {
    ...Object.fromEntries(names.map((name) => [name, { type: 'string' }])),
    execute: { type: 'boolean' },
  };
  const { values } = parseArgs({ args: rest, options });
  const run = COMMANDS[command];
  if (!run) throw new UsageError(command ? `unknown command "${command}".` : 'a command is required.');
  // The tools need neither a port nor a session: they read the environment of whichever backend it names.
  const env = { NEXTAUTH_SECRET: 'unused', ...process.env, HUMANONLY_STORAGE_BACKEND: 'sqlite' };
  return (await run(readConfig(env), values)) ? 0 : 1;
}

main().then(
  (code) => process.exit(code),
  (error) => {
    const isUsage = error instanceof UsageError || error.code?.startsWith?.('ERR_PARSE_ARGS');
    process.stderr.write(`humanonly: ${error.message || error.code}\n${isUsage ? USAGE : ''}`);
    process.exit(isUsage || error instanceof ConfigError ? 2 : 1);
  },
);
