import type { SessionContext } from '@/lib/auth/actor';
import type { ReviewsDto } from './dto';

export declare function buildReviews(ctx: SessionContext, params: { cutoverId?: string; stepId?: string }): Promise<ReviewsDto>;
