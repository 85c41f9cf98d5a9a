import type { SessionContext } from '@/lib/auth/actor';
import type { LogPageDto } from './dto';

export declare function buildLogPage(ctx: SessionContext, params: { attemptId: string; after?: number; limit?: number; levels?: string[]; search?: string }): Promise<LogPageDto>;
