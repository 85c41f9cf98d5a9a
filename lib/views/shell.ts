import type { SessionContext } from '@/lib/auth/actor';
import type { ShellDto } from './dto';

export declare function buildShell(ctx: SessionContext): Promise<ShellDto>;
