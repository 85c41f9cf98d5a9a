import type { SessionContext } from '@/lib/auth/actor';
import type { RunbooksDto } from './dto';

export declare function buildRunbooks(ctx: SessionContext): Promise<RunbooksDto>;
