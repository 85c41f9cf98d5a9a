import type { SessionContext } from '@/lib/auth/actor';
import type { AdminDto } from './dto';

export declare function buildAdmin(ctx: SessionContext): Promise<AdminDto>;
