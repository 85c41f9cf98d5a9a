import type { Json } from '@/lib/shared/json';

export type FactRow = { stepId: string; name: string; value: Json };
export type TaskRule = { key: string; rule: string; table: string; column: string | null; code: string };
