import type { SessionContext } from '@/lib/auth/actor';
import type { FleetDto } from './dto';

export declare function buildFleet(ctx: SessionContext): Promise<FleetDto>;
