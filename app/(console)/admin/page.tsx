import { randomUUID } from 'node:crypto';
import type { Metadata } from 'next';
import { Admin } from '@/components/admin/admin';
import { requirePageSession } from '@/lib/auth/require-session';
import { buildAdmin } from '@/lib/views/admin';
import {
  checkAgainAction,
  createPersonAction,
  deactivatePersonAction,
  giveSignRolesAction,
  makeResetLinkAction,
  reactivatePersonAction,
  removePersonAction,
  setRolesAction,
} from './actions';

export const metadata: Metadata = { title: 'Admin' };

export default async function AdminPage() {
  const ctx = await requirePageSession();
  const actions = {
    createPerson: createPersonAction,
    checkAgain: checkAgainAction,
    person: {
      setRoles: setRolesAction,
      giveSignRoles: giveSignRolesAction,
      makeResetLink: makeResetLinkAction,
      deactivate: deactivatePersonAction,
      reactivate: reactivatePersonAction,
      remove: removePersonAction,
    },
  };
  return <Admin initial={await buildAdmin(ctx)} actions={actions} firstKey={randomUUID()} />;
}
