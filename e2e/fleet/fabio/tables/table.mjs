/** "name kind" with `!` for NOT NULL, `=default`, and `>table.column` for a reference. */
function parseColumn(text) {
  const [, name, kind, required, fallback, parent] = /^(\w+) (\w+)(!)?(?:=([^>]+))?(?:>(\S+))?$/.exec(text);
  return { name, kind, required: Boolean(required), fallback: fallback ?? null, parent: parent?.split('.') ?? null };
}

export const META = 'metadata_json json!={}';
export const STAMPS = ['created_at time!', 'updated_at time!'];
/** Records of one file: the whole list, or the lists below `pointers`. */
export const array = (file) => ({ file, format: 'array', pointers: [] });
export const ndjson = (file) => ({ file, format: 'ndjson', pointers: [] });
export const lists = (file, ...pointers) => ({ file, format: 'object-of-arrays', pointers });

/** One table: where its records lie, its columns, and what it adds. */
export function table(store, columns, more = {}) {
  const parsed = columns.map(parseColumn);
  const key = parsed[0].kind === 'serial' ? null : parsed[0].name;
  // One external key a tenant, but any number of rows without one.
  const external = parsed.some((c) => c.name === 'external_key')
    ? { external_key_ux: 'UNIQUE (tenant_id, external_key) WHERE external_key IS NOT NULL' }
    : {};
  return {
    store,
    columns: parsed,
    key,
    whole: null,
    identity: key,
    ...more,
    indexes: { ...external, ...more.indexes },
  };
}

/** A log of whole records. */
export const log = (file, id, time, json) =>
  table(
    ndjson(file),
    [
      'id serial!',
      `${id} uuid!`,
      'name text!',
      'tenant_id text!',
      'correlation_id uuid!',
      'trace_id text!',
      `${time} time!`,
      `${json} json!`,
    ],
    {
      identity: id,
      whole: json,
      unique: id,
      indexes: { correlation_idx: `(correlation_id, ${time})` },
    },
  );
