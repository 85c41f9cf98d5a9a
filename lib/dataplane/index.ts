import type pg from 'pg';
import type { SourceSchema } from '@/lib/sources/source';
import type * as t from './types';

export type * from './types';

// --- places ---
export declare function sourceScope(sourceId: string, source: { scope_column?: string | undefined; scope_columns?: Record<string, string> }): t.SourceScope;
export declare function targetPlace(dsn: string, sourceId: string, target: {
  schema: string; shared_tables?: Record<string, string>;
  registry?: { schema: string; table: string; key_column: string; schema_column: string; created_column?: string | undefined; updated_column?: string | undefined } | undefined;
}): t.TargetPlace;
// --- source ---
export declare function readSource(location: t.SqliteLocation, scope: t.SourceScope): SourceSchema;
export declare function countSource(location: t.SqliteLocation, scope: t.SourceScope): { table: string; rows: string; scoped: string | null }[];
export declare function otherSourceIds(location: t.SqliteLocation, scope: t.SourceScope): string[];
export declare function snapshotSqlite(input: { source: t.SqliteLocation; to: string; signal: AbortSignal; progress?: t.ReportProgress; failpoint?: t.Failpoint }): Promise<t.SqliteSnapshot>;
export declare function verifySnapshot(input: { snapshot: t.SqliteLocation; scope: t.SourceScope; sha256?: string; signal: AbortSignal; progress?: t.ReportProgress }): Promise<t.SnapshotProof>;
// --- target ---
export declare function withTarget<T>(dsn: string, work: (client: pg.Client) => Promise<T>, options?: { readOnly?: boolean; signal?: AbortSignal }): Promise<T>;
export declare function proveTarget(dsn: string): Promise<{ serverVersion: number; serverVersionText: string; database: string; user: string; superuser: boolean; canCreate: boolean; encoding: string; readOnly: boolean; pooler: boolean; probes: { what: string; got: string; passed: boolean }[] }>;
export declare function readTarget(client: pg.Client, place: t.TargetPlace): Promise<t.TargetSchema>;
export declare function readTargetOfDdl(client: pg.Client, place: t.TargetPlace, ddl: readonly string[]): Promise<t.TargetSchema>;
export declare function compareTargets(expected: t.TargetSchema, actual: t.TargetSchema): string[];
export declare function readRegistry(client: pg.Client, place: t.TargetPlace): Promise<{ sourceId: string; schema: string; schemaExists: boolean }[]>;
// --- plan and findings ---
export declare function planTables(source: SourceSchema, target: t.TargetSchema, scope: t.SourceScope, place: t.TargetPlace, rules: t.ChosenRules): t.TablePlan;
export declare function profileValues(input: { source: t.SqliteLocation; plan: t.TablePlan; target: t.TargetSchema; signal: AbortSignal; progress?: t.ReportProgress }): Promise<t.Finding[]>;
export declare function schemaNameFindings(client: pg.Client, place: t.TargetPlace): Promise<t.Finding[]>;
// --- import ---
export declare function importStatements(plan: t.TablePlan, target: t.TargetSchema, rules: t.ChosenRules): { ledger: string[]; alter: string[]; copy: { table: string; sql: string }[] };
export declare function importRows(input: t.ImportInput): Promise<t.ImportReport>;
export declare function checkImport(input: Omit<t.ImportInput, 'epoch' | 'failpoint'>): Promise<t.ImportCheck>;
export declare function clearImport(input: { place: t.TargetPlace; cutoverId: string; epoch: number; failpoint?: t.Failpoint }): Promise<{ tables: { table: string; deleted: string }[] }>;
export declare function setSequences(input: { source: t.SqliteLocation; scope: t.SourceScope; place: t.TargetPlace; rules: t.ChosenRules }): Promise<t.SequenceProof[]>;
// --- row diff and repair ---
export declare function diffRows(input: t.DiffInput): Promise<t.DiffReport>;
export declare function lossOf(diff: { differing: string; missing: string; extra: string }): string;
export declare function repairRows(input: t.RepairInput): Promise<t.RepairReport>;
// --- fences ---
export declare function readFence(location: t.SqliteLocation, scope: t.SourceScope, tables?: readonly string[]): t.FenceReading;
export declare function takeFence(location: t.SqliteLocation, scope: t.SourceScope, tables?: readonly string[]): t.FenceReading;
export declare function liftFence(location: t.SqliteLocation, scope: t.SourceScope): t.FenceReading;
export declare function fenceSql(schema: SourceSchema, scope: t.SourceScope, tables?: readonly string[]): string[];
export declare function unfenceSql(schema: SourceSchema, scope: t.SourceScope): string[];
export declare function readTargetFence(place: t.TargetPlace): Promise<t.TargetFenceReading>;
export declare function takeTargetFence(place: t.TargetPlace): Promise<t.TargetFenceReading>;
export declare function liftTargetFence(place: t.TargetPlace): Promise<t.TargetFenceReading>;
// --- target snapshot and restore ---
export declare function findPgTools(binDir?: string): Promise<t.PgTools>;
export declare function requireToolsFor(tools: t.PgTools, serverVersion: number): void;
export declare function snapshotTarget(input: t.TargetSnapshotInput): Promise<t.TargetSnapshot>;
export declare function verifyTargetSnapshot(input: { dir: string; tools: t.PgTools; digest?: string; signal: AbortSignal }): Promise<t.TargetSnapshotProof>;
export declare function restoreTarget(input: t.RestoreInput): Promise<t.RestoreReport>;
export declare function undoRestore(input: t.RestoreInput): Promise<{ outcome: 'renamed_back' | 'nothing_to_undo' }>;
export declare function dropAside(input: { place: t.TargetPlace; adminDsn?: string; aside: string }): Promise<void>;
// --- SQL ---
export declare function quoteIdent(name: string): string;
