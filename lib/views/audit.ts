import type { SessionContext } from '@/lib/auth/actor';
import type { AuditDto } from './dto';

export declare function buildAudit(ctx: SessionContext, params: { before?: number; profile?: string; act?: string; role?: string; search?: string }): Promise<AuditDto>;
