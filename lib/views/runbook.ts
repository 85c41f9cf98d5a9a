import type { SessionContext } from '@/lib/auth/actor';
import type { RunbookDto } from './dto';

export declare function buildRunbook(ctx: SessionContext, params: { name: string }): Promise<RunbookDto>;
