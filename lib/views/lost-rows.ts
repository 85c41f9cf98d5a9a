import type { SessionContext } from '@/lib/auth/actor';
import type { DecisionDto } from './dto';

export type LostRowsDto = { rows: NonNullable<DecisionDto['loss']>['rows']; count: string; digest: string | null };

export declare function buildLostRows(ctx: SessionContext, params: { cutoverId: string }): Promise<LostRowsDto>;
