import { headers } from 'next/headers';
import { inTx } from '@/db/tx';
import { appendAudit } from '@/lib/audit/append';
import { CutoverError } from '@/lib/errors';
import type { SessionContext } from './actor';
import { authPath, consoleUrl, getAuth } from './auth';
import { countTry, forgetTries } from './limit-tries';
import { passwordRefused } from './password-refused';
import { passCookies } from './sign-in';

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
  const url = consoleUrl();
  const from = await headers();
  const answer = await getAuth().handler(
    new Request(new URL(`${authPath}/change-password`, url), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        origin: url.origin,
        cookie: from.get('cookie') ?? '',
        'x-forwarded-for': from.get('x-forwarded-for') ?? '127.0.0.1',
        'user-agent': (from.get('user-agent') ?? '').slice(0, 300),
      },
      body: JSON.stringify({ currentPassword: input.current, newPassword: input.password, revokeOtherSessions: true }),
    }),
  );
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
