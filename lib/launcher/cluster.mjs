import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asAccount } from './account.mjs';
import { freePort } from './free-port.mjs';
import { sleep } from './process-birth.mjs';

/** A private cluster: `pg` and `log` belong to PostgreSQL's account, `conn.json` (port, password; 0600) to the caller. */
export class Cluster {
  constructor({ dir, binDir, account = null, settings = {} }) {
    Object.assign(this, { dir, binDir, account, settings });
    this.data = join(dir, 'pg');
    this.logDir = join(dir, 'log');
    this.connFile = join(dir, 'conn.json');
  }

  conn() {
    return JSON.parse(readFileSync(this.connFile, 'utf8'));
  }

  dsn(database = 'postgres') {
    const { port, password } = this.conn();
    return `postgres://postgres:${password}@127.0.0.1:${port}/${database}`;
  }

  /** Makes the cluster if it is not there, starts it if it does not run. Safe to repeat; a half-made one is made anew. */
  async open() {
    mkdirSync(this.dir, { recursive: true, mode: 0o711 });
    this.#own(this.logDir);
    if (!existsSync(join(this.data, 'PG_VERSION'))) await this.#make();
    if (this.isRunning()) return this;
    await this.#start();
    return this;
  }

  isRunning() {
    return existsSync(join(this.data, 'postmaster.pid')) && this.#ctl(['status']).status === 0;
  }

  stop(mode = 'fast') {
    if (existsSync(join(this.data, 'postmaster.pid'))) this.#ctl(['stop', '-m', mode, '-t', '20', '-w']);
  }

  /** Runs SQL through psql, for the little that must be made before the driver may be installed. */
  psql(sql, database = 'postgres') {
    const { port, password } = this.conn();
    const done = spawnSync(
      join(this.binDir, 'psql'),
      [
        '-XAtq',
        '-v',
        'ON_ERROR_STOP=1',
        '-h',
        '127.0.0.1',
        '-p',
        String(port),
        '-U',
        'postgres',
        '-d',
        database,
        '-f',
        '-',
      ],
      {
        input: sql,
        encoding: 'utf8',
        cwd: this.dir,
        env: { PATH: process.env.PATH, HOME: this.dir, PGPASSWORD: password },
      },
    );
    if (done.status !== 0) throw new Error(`psql on the private cluster: ${done.stderr.trim()}`);
    return done.stdout.trim();
  }

  #own(folder) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (this.account) chownSync(folder, this.account.uid, this.account.gid);
  }

  async #make() {
    const password = randomBytes(18).toString('base64url');
    const fresh = join(this.dir, 'pg.new');
    rmSync(fresh, { recursive: true, force: true });
    rmSync(this.data, { recursive: true, force: true });
    this.#own(fresh);
    const passwordFile = join(this.logDir, 'initial-password');
    writeFileSync(passwordFile, password, { mode: 0o600 });
    if (this.account) chownSync(passwordFile, this.account.uid, this.account.gid);
    try {
      this.#initdb(fresh, passwordFile);
    } finally {
      rmSync(passwordFile, { force: true });
    }
    writeFileSync(this.connFile, JSON.stringify({ port: 0, password }), { mode: 0o600 });
    renameSync(fresh, this.data);
  }

  #initdb(folder, passwordFile) {
    const common = [
      '-D',
      folder,
      '-U',
      'postgres',
      '-A',
      'scram-sha-256',
      `--pwfile=${passwordFile}`,
      '-E',
      'UTF8',
      '--data-checksums',
    ];
    // Tests throw the cluster away, so its first sync to disk would only cost time.
    if (this.settings.fsync === 'off') common.push('--no-sync');
    let done;
    for (const locale of ['C.UTF-8', 'C']) {
      done = this.#tool('initdb', [...common, `--locale=${locale}`]);
      if (done.status === 0) return;
      if (!/locale/.test(done.stderr)) break;
    }
    throw new Error(`initdb failed: ${(done.stderr || String(done.error ?? '')).trim()}`);
  }

  async #start() {
    const conn = this.conn();
    let last = '';
    // After a crash the old backends need a moment to let go of the shared memory.
    for (let attempt = 0; attempt < 8; attempt += 1) {
      const port = await freePort(conn.port);
      writeFileSync(this.connFile, JSON.stringify({ ...conn, port }), { mode: 0o600 });
      const options = { listen_addresses: '127.0.0.1', unix_socket_directories: '', ...this.settings };
      const text = Object.entries(options)
        .map(([name, value]) => `-c ${name}='${value}'`)
        .join(' ');
      const done = this.#ctl([
        'start',
        '-w',
        '-t',
        '30',
        '-l',
        join(this.logDir, 'postgres.log'),
        '-o',
        `-p ${port} ${text}`,
      ]);
      if (done.status === 0) return;
      last = `${done.stdout ?? ''}${done.stderr ?? ''}`.trim();
      await sleep(500);
    }
    throw new Error(`PostgreSQL did not start in ${this.dir}: ${last} (its log: ${join(this.logDir, 'postgres.log')})`);
  }

  #ctl(args) {
    return this.#tool('pg_ctl', ['-D', this.data, ...args]);
  }

  #tool(name, args) {
    // stdio to a file: a daemon that inherits a pipe keeps its reader waiting for ever.
    return spawnSync(join(this.binDir, name), args, {
      ...asAccount(this.account),
      encoding: 'utf8',
      cwd: this.logDir,
      stdio: name === 'pg_ctl' && args.includes('start') ? 'ignore' : ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, HOME: this.logDir, TMPDIR: tmpdir(), LC_ALL: 'C' },
    });
  }
}

/** Starts a cluster whose end is certain: a keeper of its own stops (and removes) it when the caller is gone, however it went. */
export async function openKeptCluster(options) {
  const keeper = spawn(process.execPath, [new URL('cluster-keeper.mjs', import.meta.url).pathname], {
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const dsn = await new Promise((resolve, reject) => {
    keeper.once('message', (message) => (message.dsn ? resolve(message.dsn) : reject(new Error(message.error))));
    keeper.once('exit', (code) => reject(new Error(`the keeper of the cluster ended with ${code}`)));
    keeper.send(options);
  });
  keeper.removeAllListeners('exit');
  const close = () =>
    new Promise((resolve) => {
      keeper.once('exit', resolve);
      keeper.disconnect();
    });
  return { dsn, close };
}
