import Database from 'better-sqlite3';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { type Mode, startSx } from './fixture';

const modes: { mode: Mode; backend: string }[] = [
  { mode: 'SQLITE', backend: 'sqlite' },
  { mode: 'POSTGRES_PRIMARY', backend: 'postgres_primary' },
];

describe.each(modes)('sx_db in $mode', ({ mode, backend }) => {
  it('tells its backend, counts and items in the shape of the real service', async () => {
    const sx = await startSx(mode, { SX_PROFILE_INDEX: '1' });
    const health = await sx.call('GET', '/health');
    expect(health.status).toBe(200);
    expect(health.json).toMatchObject({
      ok: true,
      source_id: 'assets_1',
      profile_index: 1,
      backend: { backend, source_id: 'assets_1', active: mode !== 'SQLITE' },
    });
    expect(health.headers.get('x-sx-backend')).toBe(backend);
    expect(health.headers.get('x-sx-source-id')).toBe('assets_1');
    expect(health.headers.get('x-sx-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    const stats = await sx.call('GET', '/stats');
    expect(stats.json.counts).toMatchObject({ items: 120, fts_rows: mode === 'SQLITE' ? 0 : null });
    expect(stats.json).toMatchObject({ fts_enabled: true, has_fts_table: mode === 'SQLITE' });
    const page = await sx.call('GET', '/items?limit=7&offset=3&order=author');
    expect(page.json).toMatchObject({ limit: 7, offset: 3, total: 120 });
    expect(page.json.items).toHaveLength(7);
    expect(page.json.items[0]).toMatchObject({
      source_id: 'assets_1',
      meta: { video_id: page.json.items[0].id, statuses: expect.any(Array) },
    });
  });

  it('filters items by every documented parameter', async () => {
    const sx = await startSx(mode);
    const { items } = (await sx.call('GET', '/items?limit=200')).json;
    const count = async (query: string) => (await sx.call('GET', `/items?limit=1&${query}`)).json.total;
    type Item = {
      bookmarked: boolean;
      meta: { rating: number | null; tags: string[]; statuses: string[]; status: string | null };
    };
    const having = (test: (item: Item) => boolean) => (items as Item[]).filter(test).length;
    expect(await count('bookmarked_only=true')).toBe(having((i) => i.bookmarked));
    expect(await count('rating_min=3&rating_max=4')).toBe(having((i) => i.meta.rating === 3 || i.meta.rating === 4));
    expect(await count('tag=cooking')).toBe(having((i) => i.meta.tags.includes('cooking')));
    expect(await count('status=review')).toBe(
      having((i) => i.meta.statuses.includes('review') || i.meta.status === 'review'),
    );
    expect((await sx.call('GET', '/items?limit=2001')).status).toBe(422);
  });

  it('refuses a request that names no source, two sources, or another profile index', async () => {
    const sx = await startSx(mode);
    const refused = await sx.call('GET', '/health', undefined, {});
    expect(refused.status).toBe(400);
    expect(refused.json).toMatchObject({
      ok: false,
      detail: expect.stringContaining('required'),
      request_id: expect.any(String),
    });
    expect((await sx.call('GET', '/items?limit=1&source_id=assets_2')).status).toBe(400);
    expect((await sx.call('GET', '/health?source_id=assets_2', undefined, {})).json.source_id).toBe('assets_2');
    expect(
      (await sx.call('GET', '/health', undefined, { 'X-SX-Source-ID': 'assets_1', 'X-SX-Profile-Index': '2' })).status,
    ).toBe(400);
    expect(
      (await sx.call('GET', '/health', undefined, { 'X-SX-Source-ID': 'assets_1', 'X-SX-Profile-Index': '1' })).status,
    ).toBe(200);
  });

  it('writes meta and notes of its own source only, and both are in the database', async () => {
    const sx = await startSx(mode);
    const [{ id }] = (await sx.call('GET', '/items?limit=1&order=author')).json.items;
    const written = await sx.call('PUT', `/items/${id}/meta`, {
      rating: 5,
      statuses: ['new', 'review'],
      tags: ['a', 'b'],
      notes: 'tab\t“ok” 👩‍🍳',
    });
    expect(written.json.meta).toMatchObject({
      rating: 5,
      statuses: ['new', 'review'],
      tags: ['a', 'b'],
      notes: 'tab\t“ok” 👩‍🍳',
    });
    expect((await sx.call('PUT', `/items/${id}/note-md`, { markdown: '# hi' })).json).toMatchObject({
      ok: true,
      markdown: '# hi',
    });
    expect(await sx.row('user_meta', 'video_id = ?', [id])).toMatchObject({
      rating: 5,
      statuses: '|new|review|',
      tags: 'a,b',
    });
    expect(await sx.row('video_notes', 'video_id = ?', [id])).toMatchObject({ markdown: '# hi' });
    expect((await sx.call('GET', `/items/${id}/note`)).json).toMatchObject({ exists: true, markdown: '# hi' });
    const shared = (await sx.call('GET', '/admin/audit/source-overlap?source_a=assets_1&source_b=assets_2')).json;
    expect(shared.counts).toMatchObject({ a: 120, b: 70, overlap: 60 });
    const other = { 'X-SX-Source-ID': 'assets_2' };
    const before = (await sx.call('GET', `/items/${shared.overlap_ids[0]}/meta`, undefined, other)).json;
    await sx.call('PUT', `/items/${shared.overlap_ids[0]}/meta`, { notes: 'mine' });
    expect((await sx.call('GET', `/items/${shared.overlap_ids[0]}/meta`, undefined, other)).json).toEqual(before);
  });

  it('answers bad requests with 4xx and logs every request by its route', async () => {
    const sx = await startSx(mode);
    const [{ id }] = (await sx.call('GET', '/items?limit=1')).json.items;
    const statuses = [
      (await sx.call('GET', '/items/none')).status,
      (await sx.call('PUT', `/items/${id}/meta`, { rating: 'five' })).status,
      (await sx.call('PUT', `/items/${id}/meta`, '{"rating":')).status,
      (await sx.call('DELETE', `/items/${id}`)).status,
      (await sx.call('GET', '/nowhere')).status,
    ];
    expect(statuses).toEqual([404, 422, 400, 405, 404]);
    const logged = sx.logLines().map((l) => [l.method, l.path, l.status, l.source_id, l.backend]);
    expect(logged.slice(1, 4)).toEqual([
      ['GET', '/items/{id}', 404, 'assets_1', backend],
      ['PUT', '/items/{id}/meta', 422, 'assets_1', backend],
      ['PUT', '/items/{id}/meta', 400, 'assets_1', backend],
    ]);
  });

  it('holds writes with 503 and Retry-After, lets reads and the bypass through, and can start held', async () => {
    const sx = await startSx(mode, { SX_MAINTENANCE: 'first', SX_ADMIN_TOKEN: 'secret' });
    const [{ id }] = (await sx.call('GET', '/items?limit=1')).json.items;
    const admin = { 'X-SX-Admin-Token': 'secret' };
    const write = (headers: Record<string, string> = {}) =>
      sx.call('PUT', `/items/${id}/meta`, { rating: 1 }, { 'X-SX-Source-ID': 'assets_1', ...headers });
    expect((await write()).status).toBe(503);
    expect((await write({ 'X-SX-Maintenance-Bypass': 'first' })).status).toBe(200);
    expect((await sx.call('PUT', '/admin/maintenance', { bypass: 'second' })).status).toBe(401);
    expect((await sx.call('PUT', '/admin/maintenance', { bypass: 'second' }, admin)).json).toMatchObject({
      held: true,
    });
    const refused = await write({ 'X-SX-Maintenance-Bypass': 'first' });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    expect((await sx.call('GET', '/admin/maintenance', undefined, admin)).json).toMatchObject({
      held: true,
      in_flight: 0,
      refused: 2,
      since: expect.any(String),
    });
    expect((await sx.call('DELETE', '/admin/maintenance', undefined, admin)).json).toMatchObject({
      held: false,
      since: null,
    });
    expect((await write()).status).toBe(200);
  });
});

describe('traps of the real service, kept', () => {
  it('makes an unknown source in SQLITE and refuses it in POSTGRES_PRIMARY', async () => {
    const unknown = { 'X-SX-Source-ID': 'never_seen' };
    const sqlite = await startSx('SQLITE');
    expect((await sqlite.call('GET', '/items?limit=1', undefined, unknown)).status).toBe(200);
    const file = new Database(sqlite.path, { readonly: true });
    expect(file.prepare("SELECT kind FROM sources WHERE id = 'never_seen'").pluck().get()).toBe('auto');
    file.close();
    const primary = await startSx('POSTGRES_PRIMARY');
    const refused = await primary.call('GET', '/items?limit=1', undefined, unknown);
    expect([refused.status, refused.json.ok]).toEqual([400, false]);
    expect((await primary.call('POST', '/admin/bootstrap/schema', { source_id: 'never_seen' }, unknown)).status).toBe(
      400,
    );
    expect((await primary.call('POST', '/admin/bootstrap/schema', { source_id: 'never_seen' })).json).toMatchObject({
      ok: true,
      schema: 'sx_never_seen',
    });
    expect((await primary.call('GET', '/items?limit=1', undefined, unknown)).status).toBe(200);
    expect((await primary.call('POST', '/admin/bootstrap/schema', { source_id: 'assets-1' })).status).toBe(409);
  });

  it('finds other hits, another order and refuses NUL after the move', async () => {
    const sqlite = await startSx('SQLITE');
    const primary = await startSx('POSTGRES_PRIMARY');
    const ids = (await sqlite.call('GET', '/items?limit=2&order=author')).json.items.map(
      (item: { id: string }) => item.id,
    );
    const found = async (sx: typeof sqlite) => (await sx.call('GET', '/search?q=HELLO&limit=500')).json.results.length;
    expect(await found(sqlite)).toBeGreaterThan(await found(primary));
    const nul = { markdown: 'a\u0000b' };
    expect((await sqlite.call('PUT', `/items/${ids[0]}/note-md`, nul)).json.markdown).toBe('a\u0000b');
    expect((await primary.call('PUT', `/items/${ids[0]}/note-md`, nul)).status).toBe(500);
    const clear = "UPDATE videos SET updated_at = NULL WHERE source_id = 'assets_1' AND id = ";
    const file = new Database(sqlite.path);
    file.exec(`${clear}'${ids[1]}'`);
    file.close();
    const client = new pg.Client({ connectionString: primary.dsn });
    await client.connect();
    await client.query(`SET search_path TO sx_assets_1; ${clear}'${ids[1]}'`);
    await client.end();
    const place = async (sx: typeof sqlite) =>
      (await sx.call('GET', '/items?limit=200')).json.items.findIndex((i: { id: string }) => i.id === ids[1]);
    expect([await place(primary), await place(sqlite)]).toEqual([0, 119]);
  });
});

describe('after a move with rules', () => {
  it('answers a counter that was widened to 64 bits as the same JSON number', async () => {
    const primary = await startSx('POSTGRES_PRIMARY');
    const [{ id }] = (await primary.call('GET', '/items?limit=1')).json.items;
    const client = new pg.Client({ connectionString: primary.dsn });
    await client.connect();
    await client.query('ALTER TABLE sx_assets_1.videos ALTER COLUMN hearts TYPE bigint');
    await client.query('UPDATE sx_assets_1.videos SET hearts = 11500000000 WHERE id = $1', [id]);
    await client.end();
    expect((await primary.call('GET', `/items/${id}`)).json.hearts).toBe(11_500_000_000);
  });
});

describe('fence', () => {
  it('answers 503 for a fenced source in SQLite and still writes for the other source of the file', async () => {
    const sx = await startSx('SQLITE');
    const file = new Database(sx.path);
    file.exec(`CREATE TRIGGER fence_u BEFORE UPDATE ON user_meta WHEN NEW.source_id = 'assets_1' BEGIN SELECT RAISE(ABORT, 'writes are fenced'); END;
      CREATE TRIGGER fence_i BEFORE INSERT ON user_meta WHEN NEW.source_id = 'assets_1' BEGIN SELECT RAISE(ABORT, 'writes are fenced'); END`);
    file.close();
    const write = async (source: string) => {
      const headers = { 'X-SX-Source-ID': source };
      const [{ id }] = (await sx.call('GET', '/items?limit=1', undefined, headers)).json.items;
      return sx.call('PUT', `/items/${id}/meta`, { rating: 2 }, headers);
    };
    const fenced = await write('assets_1');
    expect([fenced.status, fenced.headers.get('retry-after')]).toEqual([503, '1']);
    expect(fenced.json).toMatchObject({ ok: false, detail: 'writes are fenced' });
    expect((await write('assets_2')).status).toBe(200);
  });
});
