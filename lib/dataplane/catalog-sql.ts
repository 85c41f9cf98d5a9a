/** Queries over the catalog; all values come back as text, lists as JSON arrays. */

/** $1 schema, $2 JSON array of [schema, table] pairs of shared tables. */
export const tableSql = `
select c.oid::text as oid, n.nspname as schema, c.relname as name, pg_get_userbyid(c.relowner) as owner
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p')
  and (n.nspname = $1 or exists (select 1 from jsonb_array_elements($2::jsonb) s where s->>0 = n.nspname and s->>1 = c.relname))
order by n.nspname = $1 desc, n.nspname collate "C", c.relname collate "C"`;

/** $1 table oids. Domains are seen through to their base type. */
export const columnSql = `
select a.attrelid::text as oid, a.attname as name, b.typname as type, b.typtype = 'e' as is_enum,
  format_type(a.atttypid, a.atttypmod) as type_text,
  case when t.typtype = 'd' then t.typtypmod else a.atttypmod end as typmod,
  a.attnotnull or t.typnotnull as not_null, pg_get_expr(d.adbin, d.adrelid) as default_sql,
  a.attidentity as identity, a.attgenerated as generated,
  pg_get_serial_sequence(quote_ident(n.nspname) || '.' || quote_ident(c.relname), a.attname) as sequence
from pg_attribute a
join pg_class c on c.oid = a.attrelid
join pg_namespace n on n.oid = c.relnamespace
join pg_type t on t.oid = a.atttypid
join pg_type b on b.oid = case when t.typtype = 'd' then t.typbasetype else t.oid end
left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
where a.attrelid = any($1::oid[]) and a.attnum > 0 and not a.attisdropped
order by a.attrelid, a.attnum`;

/** `to_jsonb(...)->>` keeps it working on PostgreSQL 14, which has no nulls-not-distinct. */
export const indexSql = `
select i.indrelid::text as oid, c.relname as name, i.indisprimary as is_primary,
  i.indisunique and i.indexprs is null and i.indpred is null as plain_unique,
  coalesce(to_jsonb(i)->>'indnullsnotdistinct', 'false') = 'false' as nulls_distinct,
  pg_get_indexdef(i.indexrelid) as definition,
  (select coalesce(json_agg(a.attname order by k.n), '[]') from unnest(i.indkey::int2[]) with ordinality k(attnum, n)
    join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum where k.n <= i.indnkeyatts)::text as columns
from pg_index i
join pg_class c on c.oid = i.indexrelid
where i.indrelid = any($1::oid[])
order by i.indrelid, c.relname collate "C"`;

const members = (table: string, key: string): string =>
  `(select json_agg(a.attname order by k.n) from unnest(${key}) with ordinality k(attnum, n) join pg_attribute a on a.attrelid = ${table} and a.attnum = k.attnum)::text`;

export const foreignKeySql = `
select o.conrelid::text as oid, o.conname as name, ${members('o.conrelid', 'o.conkey')} as columns,
  n.nspname as ref_schema, p.relname as ref_table, ${members('o.confrelid', 'o.confkey')} as refs,
  o.convalidated as validated, o.condeferrable as deferrable, pg_get_constraintdef(o.oid) as definition
from pg_constraint o
join pg_class p on p.oid = o.confrelid
join pg_namespace n on n.oid = p.relnamespace
where o.contype = 'f' and o.conrelid = any($1::oid[])
order by o.conrelid, o.conname collate "C"`;

export const checkSql = `
select conrelid::text as oid, conname as name, pg_get_constraintdef(oid) as definition
from pg_constraint
where contype = 'c' and conrelid = any($1::oid[])
order by conrelid, conname collate "C"`;

/** Any enabled trigger on INSERT (tgtype bit 4) may change what is loaded, this row or another. Ours are left out. */
export const triggerSql = `
select tgrelid::text as oid, tgname as name, pg_get_triggerdef(oid) as definition,
  tgenabled <> 'D' and tgtype & 4 = 4 as changes_load
from pg_trigger
where not tgisinternal and tgrelid = any($1::oid[]) and tgname not like 'cutover\\_%'
order by tgrelid, tgname collate "C"`;
