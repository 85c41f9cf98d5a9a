/**
 * What a careful preflight must catch before a move. Each kind is small and countable:
 * 3 creators with 11.5 billion hearts (64-bit into INTEGER), 1 note with a NUL, 1 caption with bytes that are no UTF-8,
 * 2 meta rows without their video (foreign keys were off once), 1 text in an integer column.
 */
export function insertDirt(db, sourceId) {
  const ids = db.prepare('SELECT id FROM videos WHERE source_id = ? ORDER BY id LIMIT 20').pluck().all(sourceId);
  const hearts = db.prepare('UPDATE videos SET hearts = ? WHERE source_id = ? AND id = ?');
  for (const [i, value] of [11_500_000_000, 11_500_000_001, 11_512_345_678].entries())
    hearts.run(value, sourceId, ids[i]);
  db.prepare(`INSERT INTO video_notes (source_id, video_id, markdown, template_version, created_at, updated_at)
    VALUES (?, ?, ?, 'v1', '2024-05-01T08:00:00Z', '2024-05-01T08:00:00Z')
    ON CONFLICT (source_id, video_id) DO UPDATE SET markdown = excluded.markdown`).run(
    sourceId,
    ids[3],
    'pasted from a terminal\u0000 and cut',
  );
  db.prepare("UPDATE videos SET caption = CAST(x'636166e9206c61747465' AS TEXT) WHERE source_id = ? AND id = ?").run(
    sourceId,
    ids[4],
  );
  db.prepare("UPDATE videos SET videos_count = '12.3K' WHERE source_id = ? AND id = ?").run(sourceId, ids[5]);
  const orphan = db.prepare(`INSERT INTO user_meta (source_id, video_id, rating, status, statuses, updated_at)
    VALUES (?, ?, 4, 'review', '|review|', '2024-05-02T09:00:00Z')`);
  for (const gone of ['7000000000000000001', '7000000000000000002']) orphan.run(sourceId, gone);
}
