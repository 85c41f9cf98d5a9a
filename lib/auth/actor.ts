import type { Db } from '@/db/client';
import { type Role, roles as allRoles } from '@/lib/shared/statuses';

/** The person behind a request, as the session proves it. Never taken from a form. */
export type Actor = { id: string; name: string; email: string; roles: Role[] };
/** What verbs and view builders get. `createdAt` is the last sign-in: dangerous acts ask for the password when it is old. */
export type SessionContext = { actor: Actor; session: { id: string; createdAt: Date }; db: Db };

/** "operator,admin" → ['operator', 'admin']; words that are no role of ours are dropped. */
export const parseRoles = (text: string | null | undefined): Role[] =>
  allRoles.filter((role) =>
    (text ?? '')
      .split(',')
      .map((word) => word.trim())
      .includes(role),
  );
