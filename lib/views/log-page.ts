import type { SessionContext } from '@/lib/auth/actor';
import type { LogPageDto } from './dto';

export type LogParams = { attemptId: string; after?: number; before?: number; limit?: number; levels?: string[]; search?: string };

export declare function buildLogPage(ctx: SessionContext, params: LogParams): Promise<LogPageDto>;
