import { fromBackend, RELATIONS, TABLE_NAMES } from './ddl.mjs';

/** All rows in memory, as the real service holds them: requests read from here, never from the database. */
export class Store {
  constructor() {
    for (const table of TABLE_NAMES) this[table] = new Map();
    this.feed = [];
  }

  /** Sets a row. A new post goes to the head of the feed. @returns how to take it back */
  put(table, row) {
    const before = this[table].get(row.id);
    this[table].set(row.id, row);
    if (table === 'posts' && !before) this.feed.unshift(row.id);
    return () => {
      if (before) this[table].set(row.id, before);
      else this[table].delete(row.id);
      if (table === 'posts' && !before) this.feed = this.feed.filter((id) => id !== row.id);
    };
  }

  isEmpty() {
    return TABLE_NAMES.every((table) => this[table].size === 0);
  }

  /** Rows of a seed or snapshot keep the order of their file in the feed, unlike the same rows after a restart. */
  addSeed(data) {
    for (const table of TABLE_NAMES) for (const row of data[table] ?? []) this[table].set(row.id, row);
    this.feed = (data.posts ?? []).map((post) => post.id);
  }

  /** Rows of a database; what this process has written meanwhile is newer and stays. Newest post first. */
  hydrate(data) {
    for (const table of TABLE_NAMES)
      for (const row of data[table]) if (!this[table].has(row.id)) this[table].set(row.id, row);
    this.feed = [...this.posts.values()]
      .sort((a, b) => (a.created_at < b.created_at ? 1 : a.created_at > b.created_at ? -1 : a.id < b.id ? 1 : -1))
      .map((post) => post.id);
  }

  findUser(handle) {
    for (const user of this.users.values()) if (user.handle === handle) return user;
    return null;
  }

  toData() {
    return Object.fromEntries(TABLE_NAMES.map((table) => [table, [...this[table].values()]]));
  }
}

/** Every row of a database through one reader of tables. */
export async function readAll(backend, readTable) {
  const data = {};
  for (const table of TABLE_NAMES)
    data[table] = (await readTable(table)).map((stored) => fromBackend(table, backend, stored));
  return data;
}

/** Rows whose parent is not there: what SQLite let pass and PostgreSQL will refuse. */
export function findOrphans(data) {
  const ids = Object.fromEntries(TABLE_NAMES.map((table) => [table, new Set(data[table].map((row) => row.id))]));
  return RELATIONS.flatMap(({ table, entity, column, parent }) =>
    data[table]
      .filter((row) => row[column] !== null && !ids[parent].has(row[column]))
      .map((row) => ({ entity, id: row.id, relation: column, missingId: row[column] })),
  );
}
