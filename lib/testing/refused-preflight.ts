import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withTarget } from '@/lib/dataplane';
import type { ErrorCode } from '@/lib/errors';
import { sourceFile } from '@/lib/fleet/source-files';
import type { CheckpointResult } from '@/lib/shared/evidence';
import type { DemoFleet } from './demo-fleet';
import { openWalk, readSecretsFile } from './walk-context';

/** What a case starts from: the target’s DSN, a folder of its own, the live source, the demo itself. */
export type Given = { dsn: URL; folder: string; live: string; demo: DemoFleet; freePort: number };
export type Change = {
  /** Replaces SX_POSTGRES_DSN. */
  dsn?: string;
  sourcePath?: string;
  sourceId?: string;
  schema?: string;
  binDir?: string;
};
export type RefusedCase = {
  name: string;
  given(now: Given): Change | Promise<Change>;
  /** The claim that must fail. */
  key: string | RegExp;
  code: ErrorCode;
  /** What the sentence must name. */
  where(now: Given): string;
};

/** SQLite itself lays -wal and -shm beside a WAL database that is read. */
export const treeOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => !/-(wal|shm)$/.test(name))
    .sort();
export const digest = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');
export const schemas = (demo: DemoFleet) =>
  withTarget(demo.adminDsn, async (client) =>
    (await client.query<{ nspname: string }>('select nspname from pg_namespace order by 1')).rows.map(
      ({ nspname }) => nspname,
    ),
  );

export async function preflight(demo: DemoFleet, change: Change): Promise<CheckpointResult[]> {
  const own = join(demo.home, 'bad');
  mkdirSync(own, { recursive: true });
  const secrets = { ...readSecretsFile(demo.secretsFile), ...(change.dsn ? { SX_POSTGRES_DSN: change.dsn } : {}) };
  const secretsFile = join(own, 'secrets.env');
  writeFileSync(
    secretsFile,
    Object.entries(secrets)
      .map(([name, value]) => `${name}=${value}`)
      .join('\n'),
  );
  let text = readFileSync(demo.fleetFile, 'utf8');
  const { profile } = openWalk({ ...demo, system: 'sx', sourceId: 'assets_1' }).fleet.find('sx', 'assets_1');
  if (change.sourcePath) text = text.replaceAll(sourceFile(profile.source), change.sourcePath);
  if (change.sourceId)
    text = text
      .replace('source_id: assets_1', `source_id: ${change.sourceId}`)
      .replace('schema: sx_assets_1', `schema: ${change.schema}`);
  const fleetFile = join(own, 'fleet.yaml');
  writeFileSync(fleetFile, text);
  const before = process.env.PG_BIN_DIR;
  if (change.binDir) process.env.PG_BIN_DIR = change.binDir;
  try {
    const walk = openWalk({
      fleetFile,
      secretsFile,
      home: demo.home,
      system: 'sx',
      sourceId: change.sourceId ?? 'assets_1',
    });
    const { entry, kind, params } = walk.stepOf('preflight');
    await kind.run(walk.ctx(entry), params);
    return (await kind.check(walk.ctx(entry), params)).checkpoints;
  } finally {
    if (before === undefined) delete process.env.PG_BIN_DIR;
    else process.env.PG_BIN_DIR = before;
  }
}
