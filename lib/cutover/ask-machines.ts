import { wakeMachineCheck } from '@/db/queries/worker/save-machine';
import { countTry } from '@/lib/auth/limit-tries';
import type { SessionContext } from '@/lib/auth/actor';
import { CutoverError } from '@/lib/errors';

export const mayCheck = ({ actor }: Pick<SessionContext, 'actor'>): boolean =>
  actor.roles.includes('admin') || actor.roles.includes('operator');

/** Asks every worker to read its machine and to connect to its DSNs again. @throws CutoverError role_missing | too_many_tries */
export async function askMachines(ctx: SessionContext): Promise<void> {
  if (!mayCheck(ctx)) {
    throw new CutoverError({
      code: 'role_missing',
      message: 'To check again takes the role operator or admin.',
      advice: 'Ask a person who has it; the readings are renewed every five minutes.',
    });
  }
  await countTry(ctx.db, `system check of ${ctx.actor.id}`);
  await wakeMachineCheck(ctx.db);
}
