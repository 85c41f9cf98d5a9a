import type { TargetPlace } from './types';

type TargetEntry = {
  schema: string;
  tables?: readonly string[] | undefined;
  shared_tables?: Record<string, string> | undefined;
  registry?:
    | {
        schema: string;
        table: string;
        key_column: string;
        schema_column: string;
        created_column?: string | undefined;
        updated_column?: string | undefined;
      }
    | undefined;
};

/** From a fleet entry's `source_id` and `target`. A shared table is named `table` (of the registry's schema, else public) or `schema.table`. */
export function targetPlace(dsn: string, sourceId: string, target: TargetEntry): TargetPlace {
  const { registry } = target;
  const home = registry?.schema ?? 'public';
  return {
    dsn,
    sourceId,
    schema: target.schema,
    ...(target.tables ? { tables: target.tables } : {}),
    registry: registry
      ? {
          schema: registry.schema,
          table: registry.table,
          keyColumn: registry.key_column,
          schemaColumn: registry.schema_column,
          createdColumn: registry.created_column ?? null,
          updatedColumn: registry.updated_column ?? null,
        }
      : null,
    sharedTables: Object.entries(target.shared_tables ?? {}).map(([name, keyColumn]) => {
      const dot = name.indexOf('.');
      return dot < 0
        ? { schema: home, table: name, keyColumn }
        : { schema: name.slice(0, dot), table: name.slice(dot + 1), keyColumn };
    }),
  };
}
