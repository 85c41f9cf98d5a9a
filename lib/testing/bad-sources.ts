import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import type { Given, RefusedCase } from './refused-preflight';

/** A consistent copy of the live source that may be spoiled. */
async function copyOf({ live, folder }: Given, name: string): Promise<string> {
  const file = join(folder, name);
  const db = new Database(live, { readonly: true });
  await db.backup(file);
  db.close();
  return file;
}

/** Sources that preflight must refuse. */
export const badSources: RefusedCase[] = [
  {
    name: 'a source that is missing',
    given: ({ folder }) => ({ sourcePath: join(folder, 'missing.db') }),
    key: 'source-opens',
    code: 'source_missing',
    where: ({ folder }) => join(folder, 'missing.db'),
  },
  {
    name: 'a folder that opening would have to create',
    given: ({ folder }) => ({ sourcePath: join(folder, 'no', 'such', 'app.db') }),
    key: 'source-opens',
    code: 'source_missing',
    where: ({ folder }) => join(folder, 'no', 'such', 'app.db'),
  },
  {
    name: 'an empty file, as a typing error makes it',
    given: ({ folder }) => {
      writeFileSync(join(folder, 'empty.db'), '');
      return { sourcePath: join(folder, 'empty.db') };
    },
    key: 'source-opens',
    code: 'source_empty',
    where: ({ folder }) => join(folder, 'empty.db'),
  },
  {
    name: 'a link that leads to a file',
    given: ({ folder, live }) => {
      symlinkSync(live, join(folder, 'link.db'));
      return { sourcePath: join(folder, 'link.db') };
    },
    key: 'source-opens',
    code: 'source_forbidden',
    where: ({ folder }) => join(folder, 'link.db'),
  },
  {
    name: 'a file that is no database',
    given: ({ folder }) => {
      writeFileSync(join(folder, 'letter.db'), 'Dear operator, this is a letter and no database at all.');
      return { sourcePath: join(folder, 'letter.db') };
    },
    key: 'source-opens',
    code: 'source_not_a_database',
    where: ({ folder }) => join(folder, 'letter.db'),
  },
  {
    name: 'a damaged schema page',
    given: async (now) => {
      const file = await copyOf(now, 'schema.db');
      const bytes = readFileSync(file);
      bytes.fill(0x5a, 100, 2_000);
      writeFileSync(file, bytes);
      return { sourcePath: file };
    },
    key: 'source-opens',
    code: 'source_damaged',
    where: ({ folder }) => join(folder, 'schema.db'),
  },
  {
    name: 'damaged rows, which only reading all of it shows',
    given: async (now) => {
      const file = await copyOf(now, 'rows.db');
      const db = new Database(file);
      const page = (
        db.prepare("select rootpage from sqlite_schema where name = 'video_notes'").get() as { rootpage: number }
      ).rootpage;
      const size = db.pragma('page_size', { simple: true }) as number;
      db.pragma('wal_checkpoint(truncate)');
      db.close();
      const bytes = readFileSync(file);
      bytes.fill(0xff, (page - 1) * size + 8, (page - 1) * size + 60);
      writeFileSync(file, bytes);
      return { sourcePath: file };
    },
    key: /^source-(opens|intact)$/,
    code: 'source_damaged',
    where: ({ folder }) => join(folder, 'rows.db'),
  },
  {
    name: 'a source that another process keeps locked',
    given: async (now) => {
      const file = await copyOf(now, 'locked.db');
      const db = new Database(file);
      db.pragma('journal_mode = delete');
      db.close();
      const hold = `const D = require('better-sqlite3'); const db = new D(${JSON.stringify(file)}); db.pragma('locking_mode = exclusive'); db.exec('begin exclusive'); console.log('held'); setInterval(() => {}, 1000);`;
      const holder = spawn(process.execPath, ['-e', hold], { stdio: ['ignore', 'pipe', 'inherit'] });
      onTestFinished(() => void holder.kill('SIGKILL'));
      await once(holder.stdout, 'data');
      return { sourcePath: file };
    },
    key: 'source-opens',
    code: 'source_locked',
    where: ({ folder }) => join(folder, 'locked.db'),
  },
  {
    name: 'a source id that the file does not know',
    given: () => ({ sourceId: 'assets_9', schema: 'sx_assets_9' }),
    key: 'source-id',
    code: 'source_id_unknown',
    where: ({ live }) => live,
  },
];
