import { readEventsAfter } from '@/db/queries/live/read-events-after';
import { readLogAfter } from '@/db/queries/live/read-log-after';
import { readProgress } from '@/db/queries/live/read-progress';
import { readFleetSignature, readInboxSignature, type Signature } from '@/db/queries/live/read-signatures';
import type { Reader } from '@/db/tx';
import { parseTopic, type TopicRow } from './topics';

/** Rows of a topic after a cursor, at most `limit`. */
export type ReadTopic = (topic: string, after: number, limit: number) => Promise<TopicRow[]>;

type Version = { signature: string; version: number };

/** Reads topics from the control plane. Versions of fleet and inbox are times of the control plane, as the answers' own, and rise over restarts. */
export function topicReader(db: Reader): ReadTopic {
  const versions = new Map<string, Version>();
  return async (text, after, limit) => {
    const topic = parseTopic(text);
    switch (topic?.kind) {
      case 'cutover': {
        const events = await readEventsAfter(db, topic.id, after, limit);
        return events.map(({ n, at, kind, stepId, what }) => [n, at.toISOString(), kind, stepId, what]);
      }
      case 'log': {
        const lines = await readLogAfter(db, topic.id, after, limit);
        return lines.map(({ seq, at, level, stream, text: line }) => [seq, at.toISOString(), level, stream, line]);
      }
      case 'progress': {
        const progress = await readProgress(db, topic.id);
        const n = progress ? Date.parse(progress.at) : 0;
        return progress && n > after ? [[n, progress]] : [];
      }
      case 'fleet':
        return newVersion(versions, text, await readFleetSignature(db), after);
      case 'inbox':
        return newVersion(versions, text, await readInboxSignature(db), after);
      default:
        return [];
    }
  };
}

function newVersion(
  versions: Map<string, Version>,
  topic: string,
  { signature, now }: Signature,
  after: number,
): TopicRow[] {
  let known = versions.get(topic);
  if (known?.signature !== signature) {
    known = { signature, version: Math.max(now.getTime(), (known?.version ?? 0) + 1) };
    versions.set(topic, known);
  }
  return known.version > after ? [[known.version]] : [];
}
