import type { SessionContext } from '@/lib/auth/actor';
import type { ProfileDto } from './dto';

export declare function buildProfile(ctx: SessionContext, params: { system: string; sourceId: string }): Promise<ProfileDto>;
