import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { freePort } from '@/lib/launcher/free-port.mjs';
import { loadFleet } from '@/lib/fleet/load';
import { stopManaged } from '@/lib/services/managed-process';
import type { DemoFleet } from './demo-fleet';

/** What an operator's own restart script does: ends and starts every instance with the env file as it is now. A file
 *  `skip-<port>` beside it makes it forget one instance, as a script of a careless owner would. */
const script = `import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
const [dir, envFile, log, ...ports] = process.argv.slice(2);
const env = Object.fromEntries(readFileSync(envFile, 'utf8').split('\\n').filter((line) => /^[A-Z_]+=/.test(line)).map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1).replace(/^"(.*)"$/, '$1')]));
const gone = (pid) => { try { process.kill(pid, 0); return readFileSync('/proc/' + pid + '/stat', 'latin1').includes(') Z '); } catch { return true; } };
for (const port of ports) {
  const record = join(dir, 'pid-' + port);
  if (existsSync(join(dir, 'skip-' + port))) continue;
  const old = existsSync(record) ? Number(readFileSync(record, 'utf8')) : 0;
  if (old && !gone(old)) { process.kill(old, 'SIGTERM'); while (!gone(old)) await new Promise((go) => setTimeout(go, 20)); }
  if (process.env.STOP_ONLY) continue;
  const child = spawn(process.execPath, ['e2e/fleet/sx_db/service.mjs'], { detached: true, stdio: 'ignore', env: { PATH: process.env.PATH, ...env, HOST: '127.0.0.1', PORT: port, SX_LOG_FILE: log } });
  writeFileSync(record, String(child.pid));
  child.unref();
  console.log('instance on port ' + port + ' is pid ' + child.pid);
}
`;

export type TwoInstances = {
  fleetFile: string;
  ports: [string, string];
  /** The next restart forgets this instance; null: none. */
  forget(port: string | null): void;
  close(): void;
};

/** The demo service of a profile as two instances on two ports, which a command restarts and nobody supervises. */
export async function asTwoInstances(demo: DemoFleet, serviceName: string): Promise<TwoInstances> {
  const fleet = parse(readFileSync(demo.fleetFile, 'utf8'));
  const service = fleet.systems[0].services.find((one: { name: string }) => one.name === serviceName);
  const managed = loadFleet(demo.fleetFile).systems[0]?.services.find(({ name }) => name === serviceName);
  if (managed) await stopManaged(managed);
  const ports: [string, string] = [String(await freePort()), String(await freePort())];
  const dir = demo.home;
  writeFileSync(join(dir, 'restart.mjs'), script);
  // A service that others supervise has its secrets in its own env file; the console keeps every line of it.
  appendFileSync(
    service.env_file,
    ['SX_POSTGRES_DSN', 'SX_POSTGRES_ADMIN_DSN', 'SX_ADMIN_TOKEN']
      .map((name) => `${name}=${demo.secret(name)}\n`)
      .join(''),
  );
  const argv = [process.execPath, join(dir, 'restart.mjs'), dir, service.env_file, service.log_file, ...ports];
  Object.assign(service, {
    instances: ports.map((port) => `http://127.0.0.1:${port}`),
    restart: { kind: 'command', argv, cwd: process.cwd() },
  });
  const fleetFile = join(dir, 'two-instances.yaml');
  writeFileSync(fleetFile, stringify(fleet));
  const restart = (env: NodeJS.ProcessEnv = process.env) =>
    void execFileSync(argv[0] ?? '', argv.slice(1), { stdio: 'ignore', env });
  restart();
  const skip = (port: string) => join(dir, `skip-${port}`);
  const forget = (port: string | null): void => {
    for (const one of ports) if (existsSync(skip(one))) rmSync(skip(one));
    if (port) writeFileSync(skip(port), '');
  };
  return {
    fleetFile,
    ports,
    forget,
    close: () => {
      forget(null);
      restart({ ...process.env, STOP_ONLY: '1' });
    },
  };
}
