import type { SessionContext } from '@/lib/auth/actor';
import type { DecisionDto } from './dto';

export declare function buildDecision(ctx: SessionContext, params: { cutoverId: string; act: DecisionDto["act"]; stepId?: string }): Promise<DecisionDto>;
