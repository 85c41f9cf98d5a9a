import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ALL_TABLES } from './ddl.mjs';

/** TRAP kept: only the last 200 commands and events are in memory; a trace sees no more, though the file holds all. */
const LOG_LIMIT = 200;
/** TRAP kept: the oldest finished tasks fall out of the file for good. */
const HISTORY_LIMIT = 500;

/** TRAP kept: a line that is no JSON is left out without a word. */
function readLines(path) {
  if (!existsSync(path)) return [];
  const records = [];
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    if (line.trim() === '') continue;
    try {
      records.push(JSON.parse(line));
    } catch {}
  }
  return records;
}

/** TRAP kept: a file that cannot be read counts as empty, and the next write puts the empty one in its place. */
function readWhole(path, empty) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return empty;
  }
}

const emptyOf = ({ format, pointers }) => (format === 'array' ? [] : Object.fromEntries(pointers.map((p) => [p, []])));

/** The JSON and NDJSON files below one folder, held in memory by one process, as the real service does. */
export function openFileStore(folder) {
  const logs = new Map();
  const wholes = new Map();
  const logOf = (store) => {
    if (!logs.has(store.file)) logs.set(store.file, readLines(join(folder, store.file)).slice(-LOG_LIMIT));
    return logs.get(store.file);
  };
  const wholeOf = (store) => {
    if (!wholes.has(store.file)) wholes.set(store.file, readWhole(join(folder, store.file), emptyOf(store)));
    const whole = wholes.get(store.file);
    for (const pointer of store.pointers) whole[pointer] ??= [];
    return whole;
  };
  /** TRAP kept: the whole file is rewritten in its place, not beside it: a crash leaves half of it. */
  const rewrite = (store) => {
    const path = join(folder, store.file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${JSON.stringify(wholes.get(store.file), null, 2)}\n`);
  };
  const listsOf = (store) =>
    store.format === 'array' ? [wholeOf(store)] : store.pointers.map((p) => wholeOf(store)[p]);

  const find = (name, id) => {
    const { store, identity } = ALL_TABLES[name];
    return (
      listsOf(store)
        .flat()
        .find((record) => record[identity] === id) ?? null
    );
  };
  return {
    backend: 'file',
    folder,
    async append(name, record) {
      const { store } = ALL_TABLES[name];
      const path = join(folder, store.file);
      mkdirSync(dirname(path), { recursive: true });
      const log = logOf(store);
      appendFileSync(path, `${JSON.stringify(record)}\n`);
      log.push(record);
      if (log.length > LOG_LIMIT) log.shift();
    },
    async trace(name, correlationId) {
      return logOf(ALL_TABLES[name].store).filter((record) => record.correlation_id === correlationId);
    },
    async list(name, { tenant = null, limit = 200 } = {}) {
      const { store } = ALL_TABLES[name];
      const all = store.format === 'ndjson' ? logOf(store) : listsOf(store).flat();
      const found = tenant === null ? all : all.filter((record) => record.tenant_id === tenant);
      return { items: found.slice(-limit), total: found.length };
    },
    find: async (name, id) => find(name, id),
    async put(name, record) {
      const { store, identity } = ALL_TABLES[name];
      const list = listsOf(store)[0];
      const at = list.findIndex((known) => known[identity] === record[identity]);
      if (at === -1) list.push(record);
      else list[at] = record;
      rewrite(store);
    },
    async remove(name, id) {
      const { store, identity } = ALL_TABLES[name];
      const [list] = listsOf(store);
      list.splice(0, list.length, ...list.filter((record) => record[identity] !== id));
      rewrite(store);
    },
    enqueue: async (item) => {
      const { store } = ALL_TABLES.orchestration_module_task_queue;
      wholeOf(store).pending.push(item);
      rewrite(store);
    },
    /** The oldest waiting task, marked as running; null when there is none. */
    async claim(now) {
      const { store } = ALL_TABLES.orchestration_module_task_queue;
      const item = wholeOf(store).pending.find((task) => task.status === 'pending');
      if (!item) return null;
      Object.assign(item, { status: 'running', started_at: now, updated_at: now });
      rewrite(store);
      return item;
    },
    async finish(item) {
      const { store } = ALL_TABLES.orchestration_module_task_queue;
      const queue = wholeOf(store);
      queue.pending = queue.pending.filter((task) => task.queue_item_id !== item.queue_item_id);
      queue.history.push(item);
      queue.history = queue.history.slice(-HISTORY_LIMIT);
      rewrite(store);
    },
    describe: (name) => ({ backend: 'file', storage_dir: join(folder, dirname(ALL_TABLES[name].store.file)) }),
    ping: async () => {},
    close: async () => {},
  };
}
