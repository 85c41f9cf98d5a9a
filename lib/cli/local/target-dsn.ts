import os from 'node:os';
import { connectTarget, parseDsn } from '@/lib/dataplane/connect-target';
import { CutoverError } from '@/lib/errors';
import { rememberSecret } from '@/lib/shared/redact';
import { rememberDsn } from '@/lib/worker/remember-dsn';
import { hostSecrets } from '@/lib/cli/secrets';
import { askHidden } from './ask';
import { keptPassword, readService } from './password';

/** `name`: what messages call it. `place`: host:port/database, without user or password. */
export type TargetDsn = { name: string; dsn: string; place: string };
type Env = Record<string, string | undefined>;

const ways =
  'Use --to env:NAME with the DSN in that variable, or --to postgres://user@host:port/database with the password in PGPASSFILE, PGPASSWORD or typed when asked, or --to service:NAME of your pg_service.conf.';
const wrong = (message: string, advice = ways): CutoverError =>
  new CutoverError({ code: 'dsn_invalid', message, advice });

/** The target's DSN from what a person wrote after --to; never with a password in it. @throws CutoverError dsn_invalid | dsn_missing | target_* */
export async function readTargetDsn(given: string, env: Env = process.env): Promise<TargetDsn> {
  if (given.startsWith('env:')) return fromVariable(given.slice(4));
  const parts = given.startsWith('service:') ? fromService(given.slice(8), env) : fromUrl(given, env);
  const password = parts.password ?? keptPassword(parts, env);
  const place = `${parts.host}:${parts.port}/${parts.database}`;
  if (password !== null) return { name: 'TARGET_DSN', dsn: compose(parts, password), place };
  return { name: 'TARGET_DSN', dsn: await withoutPassword(parts, place), place };
}

function fromVariable(name: string): TargetDsn {
  if (!/^[A-Z_][A-Z0-9_]*$/.test(name)) throw wrong(`env:${name} names no environment variable.`);
  // The launcher puts the console's own control plane there for this command.
  if (name === 'DATABASE_URL')
    throw wrong(
      'DATABASE_URL names the control plane of this console and is never a target.',
      'Put the target’s DSN into a variable of another name, e.g. TARGET_DSN, and use --to env:TARGET_DSN.',
    );
  const dsn = hostSecrets()(name);
  rememberDsn(dsn);
  const url = urlOf(dsn, `The value of ${name}`);
  requireDsn(dsn, name);
  return {
    name,
    dsn,
    place: `${url.hostname || url.searchParams.get('host') || 'localhost'}:${url.port || '5432'}${url.pathname}`,
  };
}

/** The same refusal, and the same exit code, whichever command meets it first. */
function requireDsn(dsn: string, name: string): void {
  try {
    parseDsn(dsn);
  } catch {
    throw wrong(`The value of ${name} cannot be read as postgres://user:password@host:port/database.`);
  }
}

type Parts = {
  host: string;
  port: string;
  database: string;
  user: string;
  password: string | null;
  query: [string, string][];
};

const account = (): string => os.userInfo().username;

function fromUrl(given: string, env: Env): Parts {
  if (/(^|\s)password\s*=/i.test(given)) throw passwordInArgv();
  if (!/^postgres(ql)?:\/\//.test(given)) throw wrong('--to is no DSN that this command takes.');
  const url = urlOf(given, 'The URL after --to');
  if (url.password || url.searchParams.has('password')) {
    rememberSecret(decodeURIComponent(url.password) || url.searchParams.get('password') || undefined);
    throw passwordInArgv();
  }
  const service = url.searchParams.get('service');
  if (service) return fromService(service, env);
  const user = decodeURIComponent(url.username) || url.searchParams.get('user') || account();
  const kept = [...url.searchParams].filter(([name]) => !['host', 'port', 'user', 'dbname'].includes(name));
  return {
    host: url.searchParams.get('host') ?? (url.hostname.replace(/^\[|\]$/g, '') || 'localhost'),
    port: url.port || url.searchParams.get('port') || '5432',
    database: decodeURIComponent(url.pathname.slice(1)) || url.searchParams.get('dbname') || user,
    user,
    password: null,
    query: kept,
  };
}

function fromService(name: string, env: Env): Parts {
  const section = readService(name, env);
  const user = section.user ?? account();
  rememberSecret(section.password);
  return {
    host: section.host ?? 'localhost',
    port: section.port ?? '5432',
    database: section.dbname ?? user,
    user,
    password: section.password ?? null,
    query: section.sslmode ? [['sslmode', section.sslmode]] : [],
  };
}

function urlOf(text: string, what: string): URL {
  try {
    return new URL(text);
  } catch {
    throw wrong(`${what} cannot be read as postgres://user@host:port/database.`);
  }
}

const passwordInArgv = (): CutoverError =>
  new CutoverError({
    code: 'dsn_invalid',
    message:
      'A password stands in the arguments, where every account of this machine and the shell history can read it; it was not used.',
    advice: `${ways} Then change that password.`,
  });

function compose(parts: Parts, password: string): string {
  rememberSecret(password || undefined);
  const { host, port, user, database, query } = parts;
  const socket = host.startsWith('/');
  const search = new URLSearchParams(socket ? [['host', host], ...query] : query).toString();
  const login = `${encodeURIComponent(user)}${password ? `:${encodeURIComponent(password)}` : ''}`;
  const where = socket ? '' : host.includes(':') ? `[${host}]` : host;
  return `postgres://${login}@${where}:${port}/${encodeURIComponent(database)}${search ? `?${search}` : ''}`;
}

/** Servers that trust this account need none; the others are answered by a person on a terminal. */
async function withoutPassword(parts: Parts, place: string): Promise<string> {
  const bare = compose(parts, '');
  try {
    await (await connectTarget(bare)).end();
    return bare;
  } catch (thrown) {
    if (!asksForPassword(thrown)) throw thrown;
  }
  const typed = await askHidden(`Password of ${parts.user} at ${place}: `);
  if (typed === null)
    throw new CutoverError({
      code: 'dsn_missing',
      message: `${place} asks ${parts.user} for a password, and none is at hand.`,
      advice: ways,
    });
  return compose(parts, typed);
}

function asksForPassword(thrown: unknown): boolean {
  if (thrown instanceof CutoverError && thrown.code === 'target_password_wrong') return true;
  const text = [thrown, (thrown as { cause?: unknown }).cause]
    .map((one) => (one instanceof Error ? one.message : ''))
    .join(' ');
  return /client password must be|no password supplied|password authentication failed/i.test(text);
}
