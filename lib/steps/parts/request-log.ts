import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

export type LogCounts = {
  /** "GET /items 200" → answers in the window. */
  classes: Record<string, number>;
  /** Answers of 500 and up, by minute ("2026-11-21T05:30"). */
  serverErrorsByMinute: Record<string, number>;
  answers: number;
  /** Lines that are no log line of an answer. */
  unread: number;
  from: string;
  until: string;
};

const MAX_BYTES = 64 * 1024 * 1024;

/**
 * Counts the answers of a request log in a window, by method, path template and status. JSON lines (time, method, path,
 * status) and the common log format are read; at most the last 64 MB.
 */
export function countLog(
  file: string,
  from: Date,
  until: Date,
  skipPath: (path: string) => boolean = () => false,
): LogCounts {
  const counts: LogCounts = {
    classes: {},
    serverErrorsByMinute: {},
    answers: 0,
    unread: 0,
    from: from.toISOString(),
    until: until.toISOString(),
  };
  for (const line of tailOf(file).split('\n')) {
    if (!line) continue;
    const answer = readLine(line);
    if (!answer) {
      counts.unread += 1;
      continue;
    }
    if (answer.at < from || answer.at > until || skipPath(answer.path)) continue;
    counts.answers += 1;
    const kind = `${answer.method} ${answer.path} ${answer.status}`;
    counts.classes[kind] = (counts.classes[kind] ?? 0) + 1;
    if (answer.status >= 500) {
      const minute = answer.at.toISOString().slice(0, 16);
      counts.serverErrorsByMinute[minute] = (counts.serverErrorsByMinute[minute] ?? 0) + 1;
    }
  }
  return counts;
}

function tailOf(file: string): string {
  const handle = openSync(file, 'r');
  try {
    const size = fstatSync(handle).size;
    const bytes = Math.min(size, MAX_BYTES);
    const buffer = Buffer.alloc(bytes);
    let read = 0;
    while (read < bytes) {
      const got = readSync(handle, buffer, read, bytes - read, size - bytes + read);
      if (got === 0) break;
      read += got;
    }
    const text = buffer.toString('utf8', 0, read);
    return size > bytes ? text.slice(text.indexOf('\n') + 1) : text;
  } finally {
    closeSync(handle);
  }
}

type Answer = { at: Date; method: string; path: string; status: number };
const COMMON = /\[([^\]]+)\] "([A-Z]+) ([^ "]+)[^"]*" (\d{3})/;

function readLine(line: string): Answer | null {
  const answer = line.startsWith('{') ? readJsonLine(line) : readCommonLine(line);
  return answer && !Number.isNaN(answer.at.getTime()) && Number.isInteger(answer.status) ? answer : null;
}

function readJsonLine(line: string): Answer | null {
  try {
    const { time, method, path, status } = JSON.parse(line) as Record<string, unknown>;
    return { at: new Date(String(time)), method: String(method), path: String(path), status: Number(status) };
  } catch {
    return null;
  }
}

function readCommonLine(line: string): Answer | null {
  const found = COMMON.exec(line);
  if (!found) return null;
  const [, time = '', method = '', target = '', status = ''] = found;
  const at = new Date(time.replace(/^(\d+)\/(\w+)\/(\d+):/, '$1 $2 $3 '));
  // Without a template in the log, segments that look like ids are folded, so that one route is one class.
  const path = (target.split('?')[0] ?? '').replace(/\/[^/]*\d[^/]*/g, '/{id}');
  return { at, method, path, status: Number(status) };
}

export const statusOf = (kind: string): number => Number(kind.slice(kind.lastIndexOf(' ') + 1));
export const serverErrors = (counts: LogCounts): number =>
  Object.values(counts.serverErrorsByMinute).reduce((sum, count) => sum + count, 0);
