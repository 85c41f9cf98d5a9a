import type { SessionContext } from '@/lib/auth/actor';
import type { WizardDto } from './dto';

export declare function buildWizard(ctx: SessionContext, params: { cutoverId: string; stepId?: string }): Promise<WizardDto>;
