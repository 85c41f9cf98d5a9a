import type { Db } from '@/db/client';
import type { Role } from '@/lib/shared/statuses';

/** Who asks, as the session proved it, and where it is written. */
export type VerbContext = { actor: { id: string; name: string; roles: Role[] }; db: Db };
