import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { postgresAccount } from './account.mjs';
import { startCaretaker, stopConsole, waitForCaretaker } from './caretaker.mjs';
import { Cluster } from './cluster.mjs';
import { consoleEnv, keepConsoleEnv } from './console-env.mjs';
import { freePort } from './free-port.mjs';
import { keptSecret, root } from './home.mjs';
import { endProcesses } from './leftovers.mjs';
import { builtFile } from './prepare.mjs';
import { self, sleep } from './process-birth.mjs';
import { runShort } from './run-short.mjs';
import { supervise } from './supervise.mjs';

const node = process.execPath;
const watchMs = 3_000;
const readyMs = 90_000;

export const stateFile = (home) => join(home, 'run', 'state.json');
export const readState = (home) =>
  existsSync(stateFile(home)) ? JSON.parse(readFileSync(stateFile(home), 'utf8')) : {};

/** @returns true if that console answers under that address: its own id, not just any server on the port */
export async function answers({ url, instance }) {
  try {
    const response = await fetch(`${url}/api/health`, { signal: AbortSignal.timeout(3_000) });
    return response.headers.get('x-cutover-instance') === instance;
  } catch {
    return false;
  }
}

/**
 * The console in one data folder: clusters, web, worker and, in the demo, its fleet and users.
 * @param options.home data folder, made by home.mjs
 * @param options.demo true: the demo fleet, prepared here, with a target cluster of its own
 * @param options.small true: the demo's profiles in sizes for tests
 * @param options.systems systems of the demo; without it all (e2e/fleet/systems.mjs)
 * @param options.fleet own fleet file, when not the demo
 * @param options.databaseUrl own control plane; without it a private cluster
 * @param options.throwAway true: nothing is kept afterwards, so nothing waits for the disk
 */
export class Console {
  constructor(options) {
    Object.assign(
      this,
      { demo: false, dev: false, throwAway: false, users: options.demo === true, onEvent: () => {} },
      options,
    );
    const settings = this.throwAway ? { fsync: 'off', full_page_writes: 'off' } : {};
    const cluster = (name) => ({
      dir: join(this.home, name),
      binDir: this.binDir,
      account: postgresAccount(),
      settings,
    });
    this.clusterOptions = [
      ...(this.databaseUrl ? [] : [cluster('control')]),
      ...(this.demo ? [cluster('target')] : []),
    ];
    this.clusters = Object.fromEntries(
      this.clusterOptions.map((made) => [made.dir.split('/').pop(), new Cluster(made)]),
    );
    this.processes = [];
  }

  /** Opens the folder: waits for the end of a former console in it, and makes sure that this one will end too. */
  async enter() {
    for (const name of ['run', 'log']) mkdirSync(join(this.home, name), { recursive: true, mode: 0o700 });
    await waitForCaretaker(this.home);
    await endProcesses(this.home);
    this.instance = `${process.pid}-${self().birth}`;
    this.endings = { home: this.home, clusters: this.clusterOptions, services: this.demo, removeHome: this.throwAway };
    this.dismissCaretaker = startCaretaker(this.endings);
  }

  async openClusters() {
    for (const cluster of Object.values(this.clusters)) await cluster.open();
    if (this.clusters.control) this.databaseUrl = this.#ownDatabase(this.clusters.control);
    await this.#address();
    this.watch = setInterval(() => this.#reopen(), watchMs);
  }

  /** Where the web will listen. The port outlives restarts, so that open tabs find the console again. */
  async #address() {
    this.wantedPort ??= this.port ?? readState(this.home).port ?? 4400;
    this.port = await freePort(this.wantedPort);
    this.url = `http://localhost:${this.port}`;
    const authSecret = keptSecret(join(this.home, 'run', 'auth-secret'));
    this.env = consoleEnv({ ...this, authSecret, fleet: this.#fleetFile() });
    this.workerEnv = { ...this.env, CUTOVER_SECRETS: this.secrets ?? join(this.home, 'secrets.env') };
    keepConsoleEnv(this.home, this.workerEnv);
  }

  /** The console's account owns its database and is no superuser. */
  #ownDatabase(cluster) {
    const password = keptSecret(join(this.home, 'run', 'control-password'));
    cluster.psql(`select format('create role cutover login password %L', '${password}') where not exists (select from pg_roles where rolname = 'cutover') \\gexec
      select 'create database cutover owner cutover' where not exists (select from pg_database where datname = 'cutover') \\gexec`);
    return `postgres://cutover:${password}@127.0.0.1:${cluster.conn().port}/cutover`;
  }

  #fleetFile() {
    return this.demo ? join(this.home, 'fleet', 'fleet.yaml') : this.fleet;
  }

  /** A server that died comes back on its port; one that was stopped on purpose (a file says so) stays down. */
  async #reopen() {
    if (this.reopening || this.stopping) return;
    this.reopening = true;
    try {
      for (const [name, cluster] of Object.entries(this.clusters))
        if (existsSync(join(cluster.dir, 'stopped-on-purpose'))) {
          if (cluster.isRunning()) {
            cluster.stop('fast');
            this.onEvent(`PostgreSQL (${name}) was stopped on purpose.`);
          }
        } else if (!cluster.isRunning()) {
          await cluster.open();
          this.onEvent(`PostgreSQL (${name}) had ended and was started again.`);
        }
    } catch (error) {
      this.onEvent(error.message);
    } finally {
      this.reopening = false;
    }
  }

  migrate() {
    return runShort({ argv: [node, builtFile('migrate')], cwd: root, env: this.env });
  }

  /** @param onLine hears what was made */
  prepareDemo(onLine) {
    const { DATABASE_URL: _, BETTER_AUTH_SECRET: __, ...env } = this.env;
    const argv = [
      node,
      join(root, 'e2e/fleet/prepare-demo.mjs'),
      '--home',
      this.home,
      ...(this.small ? ['--small'] : []),
      ...(this.systems ? ['--systems', this.systems.join(',')] : []),
    ];
    return runShort({ argv, cwd: root, env: { ...env, TARGET_ADMIN_DSN: this.clusters.target.dsn() }, onLine });
  }

  cli(args) {
    return runShort({ argv: [node, builtFile('cli'), ...args], cwd: root, env: this.workerEnv });
  }

  #supervise(name, argv, env) {
    const onExit = ({ code, by, delay }) =>
      this.onEvent(
        `${name} ended (${by ?? code}); again in ${delay} ms. Its log: ${join(this.home, 'log', `${name}.log`)}`,
      );
    this.processes.push(supervise({ name, argv, env, cwd: root, home: this.home, onExit }));
  }

  async run() {
    // Set-up takes a while: somebody else may listen there by now.
    await this.#address();
    this.#supervise('web', [node, join(root, 'lib/web/server.mjs'), ...(this.dev ? ['--dev'] : [])], this.env);
    this.#supervise('worker', [node, '--enable-source-maps', builtFile('worker')], this.workerEnv);
    if (this.users) {
      const { DATABASE_URL: _, BETTER_AUTH_SECRET: __, ...env } = this.env;
      this.#supervise('demo-users', [node, join(root, 'e2e/fleet/demo-users.mjs'), '--home', this.home], env);
    }
    await this.#ready();
    const { port, url, instance, demo } = this;
    writeFileSync(stateFile(this.home), JSON.stringify({ port, url, instance, demo, ...self() }, null, 2), {
      mode: 0o600,
    });
  }

  async #ready() {
    for (const until = Date.now() + readyMs; Date.now() < until; await sleep(100)) if (await answers(this)) return;
    throw new Error(
      `The web process did not answer on ${this.url} within ${readyMs / 1000} s. Its log: ${join(this.home, 'log', 'web.log')}`,
    );
  }

  process(name) {
    return this.processes.find((one) => one.name === name);
  }

  async stop() {
    if (this.stopping) return;
    this.stopping = true;
    clearInterval(this.watch);
    await Promise.all(this.processes.map((one) => one.stop()));
    if (this.endings) await stopConsole(this.endings);
    await this.dismissCaretaker?.();
    if (this.throwAway) rmSync(this.home, { recursive: true, force: true });
  }
}
