import { inTx } from '@/db/tx';
import { appendAudit } from '@/lib/audit/append';
import { CutoverError } from '@/lib/errors';
import type { SessionContext } from './actor';
import { askAuth, passCookies } from './ask-auth';
import { countTry, forgetTries } from './limit-tries';
import { passwordRefused } from './password-refused';

/** Changes one's own password. All other sessions end; this one is replaced.
 *  @throws CutoverError sign_in_wrong | input_invalid | too_many_tries */
export async function changePassword({
  ctx,
  input,
}: {
  ctx: SessionContext;
  input: { current: string; password: string };
}): Promise<void> {
  await countTry(ctx.db, ctx.actor.email);
  const { current: currentPassword, password: newPassword } = input;
  const answer = await askAuth('/change-password', { currentPassword, newPassword, revokeOtherSessions: true });
  if (!answer.ok) throw await refusalOf(answer);
  await forgetTries(ctx.db, ctx.actor.email);
  await inTx(ctx.db, (tx) =>
    appendAudit(tx, {
      actor: ctx.actor.id,
      role: 'none',
      act: 'password changed',
      summary: 'Changed their own password.',
      what: { person: ctx.actor.id },
    }),
  );
  await passCookies(answer.headers);
}

async function refusalOf(answer: Response): Promise<unknown> {
  const body = (await answer.json().catch(() => null)) as { code?: string } | null;
  const thrown = Object.assign(new Error(`change-password answered ${answer.status}`), { body });
  return passwordRefused(thrown, {
    INVALID_PASSWORD: () =>
      new CutoverError({
        code: 'sign_in_wrong',
        message: 'The current password is wrong.',
        advice: 'Type it again; nothing was changed.',
        retry: 'now',
      }),
  });
}
