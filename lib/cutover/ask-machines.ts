import { wakeMachineCheck } from '@/db/queries/worker/save-machine';
import { countTry } from '@/lib/auth/limit-tries';
import type { SessionContext } from '@/lib/auth/actor';
import { mayAct, requireRole } from './who-may';

export const mayCheck = ({ actor }: Pick<SessionContext, 'actor'>): boolean => mayAct('check-machines', actor);

/** Asks every worker to read its machine and to connect to its DSNs again. @throws CutoverError role_missing | too_many_tries */
export async function askMachines(ctx: SessionContext): Promise<void> {
  requireRole(ctx, 'check-machines');
  await countTry(ctx.db, `system check of ${ctx.actor.id}`);
  await wakeMachineCheck(ctx.db);
}
