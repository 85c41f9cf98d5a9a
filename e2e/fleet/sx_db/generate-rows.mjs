import { createHash } from 'node:crypto';
import { SOURCE_TABLES } from './ddl.mjs';
import { makeAuthors, PLATFORMS, STATUSES, writeCaption, writeNoteText, writeTags } from './sample-text.mjs';

const START = Date.UTC(2024, 0, 1);
const SPAN_SECONDS = 60_000_000;
const SHARE = { meta: 0.7, note: 12_400 / 60_000, bookmark: 0.3, scheduled: 0.08, job: 0.02 };

const isoTime = (random) => new Date(START + random.int(SPAN_SECONDS) * 1000).toISOString().replace('.000Z', 'Z');
const rowHash = (text) => createHash('sha256').update(text).digest('hex').slice(0, 32);

/** One INSERT per table, columns in the order of ddl.mjs. */
export function prepareInserts(db) {
  return Object.fromEntries(
    Object.entries(SOURCE_TABLES).map(([name, { columns }]) => {
      const statement = db.prepare(
        `INSERT INTO ${name} (${columns.map(([c]) => c).join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
      );
      return [name, (row) => statement.run(columns.map(([c]) => row[c] ?? null))];
    }),
  );
}

/** Sources of one file have some video ids in common, so that a leak between them would show. */
const SHARED_IDS = 60;

function makeVideo(random, sourceId, n, author) {
  const offset = random.int(1_000_000);
  const id = `7${String(200_000_000_000_000_000n + BigInt(n) * 1_000_003n + BigInt(n < SHARED_IDS ? n : offset))}`;
  const caption = random.chance(0.02) ? '' : writeCaption(random);
  const bookmarked = random.chance(SHARE.bookmark) ? 1 : 0;
  return {
    source_id: sourceId,
    id,
    platform: random.pick(PLATFORMS),
    ...author,
    caption,
    bookmarked,
    bookmark_timestamp: bookmarked ? isoTime(random) : null,
    video_path: `media/${author.author_unique_id}/${id}.mp4`,
    cover_path: random.chance(0.1) ? null : `media/${author.author_unique_id}/${id}.jpg`,
    csv_row_hash: rowHash(`${id}\t${caption}`),
    // A few rows never had a time: their place in a list differs between the backends.
    updated_at: random.chance(0.002) ? null : isoTime(random),
  };
}

function makeMeta(random, video) {
  const statuses = [random.pick(STATUSES)];
  if (random.chance(0.3)) statuses.push(random.pick(STATUSES));
  return {
    source_id: video.source_id,
    video_id: video.id,
    rating: random.chance(0.2) ? null : random.int(6),
    status: statuses[0],
    statuses: `|${[...new Set(statuses)].join('|')}|`,
    tags: random.chance(0.2) ? null : writeTags(random),
    notes: random.chance(0.5) ? null : writeCaption(random),
    product_link: random.chance(0.9) ? null : `https://shop.example/p/${random.int(99_999)}`,
    author_links: random.chance(0.85)
      ? null
      : `https://example.com/${video.author_unique_id}\nhttps://example.org/u?id=${random.int(9_999)}`,
    platform_targets: random.chance(0.6) ? null : `|${random.pick(PLATFORMS)}|`,
    workflow_log: random.chance(0.9) ? null : `${isoTime(random)}\t${statuses[0]}`,
    post_url: null,
    published_time: random.chance(0.8) ? null : isoTime(random),
    updated_at: isoTime(random),
  };
}

function insertSchedule(random, insert, video) {
  const time = isoTime(random);
  insert.scheduling_artifacts({
    source_id: video.source_id,
    video_id: video.id,
    platform: random.pick(PLATFORMS),
    status: random.pick(['planned', 'done', 'failed']),
    artifact_json: JSON.stringify({ title: video.caption, at: time, retries: random.int(3) }),
    scheduled_for: time,
    created_at: time,
    updated_at: isoTime(random),
  });
}

function insertJob(random, insert, video, n) {
  const status = random.pick(['done', 'done', 'done', 'failed', 'queued']);
  insert.job_queue({
    source_id: video.source_id,
    job_id: `job_${String(n).padStart(8, '0')}`,
    kind: random.pick(['thumbnail', 'transcribe', 'fetch']),
    status,
    payload_json: JSON.stringify({ video_id: video.id }),
    attempts: 1 + random.int(3),
    error: status === 'failed' ? 'timeout after 30 s' : null,
    created_at: isoTime(random),
    updated_at: isoTime(random),
  });
}

function insertRaw(random, insert, video) {
  const imported = isoTime(random);
  const row = { id: video.id, author: video.author_unique_id, caption: video.caption, hearts: String(video.hearts) };
  insert.csv_consolidated_raw({
    source_id: video.source_id,
    csv_row_hash: video.csv_row_hash,
    row_json: JSON.stringify(row),
    imported_at: imported,
  });
  if (!video.bookmarked) return;
  const mark = { id: video.id, date: video.bookmark_timestamp };
  insert.csv_bookmarks_raw({
    source_id: video.source_id,
    csv_row_hash: rowHash(`b${video.id}`),
    row_json: JSON.stringify(mark),
    imported_at: imported,
  });
}

/** All rows of one source. @param videos 1–1 000 000; the other tables follow in fixed shares. */
export function insertSource(db, insert, random, { id, label, videos, isDefault }) {
  const made = isoTime(random);
  db.prepare(
    'INSERT INTO sources (id, label, kind, description, enabled, is_default, created_at, updated_at) VALUES (?, ?, ?, ?, 1, ?, ?, ?)',
  ).run(id, label, 'import', `${label}: a team’s library`, isDefault ? 1 : 0, made, made);
  const authors = makeAuthors(random, Math.max(3, Math.round(videos / 20)));
  for (const author of authors) {
    insert.csv_authors_raw({
      source_id: id,
      csv_row_hash: rowHash(author.author_unique_id),
      row_json: JSON.stringify(author),
      imported_at: made,
    });
  }
  const fts = db.prepare(
    'INSERT INTO videos_fts (rowid, source_id, id, caption, author_unique_id, author_name) VALUES (?, ?, ?, ?, ?, ?)',
  );
  for (let n = 0; n < videos; n += 1) {
    const video = makeVideo(random, id, n, random.pick(authors));
    const { lastInsertRowid } = insert.videos(video);
    fts.run(lastInsertRowid, id, video.id, video.caption, video.author_unique_id, video.author_name);
    insertRaw(random, insert, video);
    if (random.chance(SHARE.meta)) insert.user_meta(makeMeta(random, video));
    if (random.chance(SHARE.note)) {
      insert.video_notes({
        source_id: id,
        video_id: video.id,
        markdown: writeNoteText(random),
        template_version: 'v2',
        created_at: made,
        updated_at: isoTime(random),
      });
    }
    if (random.chance(SHARE.scheduled)) insertSchedule(random, insert, video);
    if (random.chance(SHARE.job)) insertJob(random, insert, video, n);
  }
}
