import type { SessionContext } from '@/lib/auth/actor';
import type { CutoversDto } from './dto';

export declare function buildCutovers(ctx: SessionContext): Promise<CutoversDto>;
