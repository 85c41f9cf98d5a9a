import { getDb } from '@/db/client';
import { inTx } from '@/db/tx';
import { appendAudit } from '@/lib/audit/append';
import { CutoverError } from '@/lib/errors';
import type { SessionContext } from './actor';
import { consoleUrl, getAuth } from './auth';
import { changePerson, endAccess } from './change-people';
import { passwordRefused } from './password-refused';
import { tokenOf } from './take-token';

/** A link by which a person sets a new password, once, within an hour. Links made before it are worth nothing.
 *  @throws CutoverError role_missing | person_unknown | state_forbids for a deactivated person */
export async function makeResetLink({
  ctx,
  input,
}: {
  ctx: SessionContext;
  input: { personId: string };
}): Promise<{ link: string; name: string }> {
  const person = await changePerson(ctx, input.personId, 'reset a password', async ({ tx, person }) => {
    if (person.banned) {
      throw new CutoverError({
        code: 'state_forbids',
        message: `${person.name} may not sign in, so a new password would be of no use.`,
        advice: 'Let them in again first.',
      });
    }
    await endAccess(tx, person.id);
    await appendAudit(tx, {
      actor: ctx.actor.id,
      role: 'admin',
      act: 'password link made',
      summary: `Made a one-time link by which ${person.name} sets a new password.`,
      what: { person: person.id },
    });
    return person;
  });
  const token = await tokenOf(() => getAuth().api.requestPasswordReset({ body: { email: person.email } }));
  return { link: `${consoleUrl().origin}/new-password#${token}`, name: person.name };
}

/** Uses a link up. The library ends every session of the person.
 *  @throws CutoverError reset_link_wrong | input_invalid, which leaves the link good */
export async function resetPassword({ token, password }: { token: string; password: string }): Promise<void> {
  const auth = getAuth();
  const known = await (await auth.$context).internalAdapter.findVerificationValue(`reset-password:${token.trim()}`);
  if (!known) throw wrongLink();
  try {
    await auth.api.resetPassword({ body: { newPassword: password, token: token.trim() } });
  } catch (thrown) {
    throw passwordRefused(thrown, { INVALID_TOKEN: wrongLink });
  }
  await inTx(getDb(), (tx) =>
    appendAudit(tx, {
      actor: known.value,
      role: 'none',
      act: 'password set by link',
      summary: 'Set a new password by a one-time link.',
      what: { person: known.value },
    }),
  );
}

const wrongLink = (): CutoverError =>
  new CutoverError({
    code: 'reset_link_wrong',
    message: 'This link is unknown, used or older than an hour.',
    advice: 'Ask an admin for a new one.',
  });
