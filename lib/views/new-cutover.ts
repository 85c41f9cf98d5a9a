import type { SessionContext } from '@/lib/auth/actor';
import type { NewCutoverDto } from './dto';

export declare function buildNewCutover(ctx: SessionContext): Promise<NewCutoverDto>;
