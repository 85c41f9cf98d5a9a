import { eq, sql } from 'drizzle-orm';
import { getDb } from '@/db/client';
import { user } from '@/db/schema';
import { inTx } from '@/db/tx';
import { appendAudit } from '@/lib/audit/append';
import { CutoverError } from '@/lib/errors';
import type { Role } from '@/lib/shared/statuses';
import type { SessionContext } from './actor';
import { getAuth, passwordLength } from './auth';
import { requireRole } from './require-role';

export type NewPerson = { email: string; name: string; password: string; roles: Role[]; signsAs?: string[] };

/** Makes an account, without a session and without an audit entry: for the command line, set-up and the demo.
 *  @throws CutoverError email_taken | input_invalid */
export async function createPerson({ email, name, password, roles, signsAs }: NewPerson): Promise<{ id: string }> {
  // The library tests the length at sign-up only, and its sign-up is closed.
  if (password.length < passwordLength.min || password.length > passwordLength.max) {
    throw new CutoverError({
      code: 'input_invalid',
      message: `The password has ${password.length} characters.`,
      advice: `Take one of ${passwordLength.min} to ${passwordLength.max} characters; nobody was added.`,
    });
  }
  try {
    // Without headers the library asks for no session: who may call is decided by our callers.
    const { user: made } = await getAuth().api.createUser({
      body: { email: email.trim(), name: name.trim(), password, role: [...roles] },
    });
    if (signsAs?.length) await getDb().update(user).set({ signsAs }).where(eq(user.id, made.id));
    return { id: made.id };
  } catch (thrown) {
    throw known(email, thrown);
  }
}

function known(email: string, thrown: unknown): unknown {
  const body =
    thrown instanceof Error && 'body' in thrown ? (thrown.body as { code?: string; message?: string }) : null;
  if (body?.code?.startsWith('USER_ALREADY_EXISTS')) {
    return new CutoverError({
      code: 'email_taken',
      message: `There is already a person with the e-mail ${email}.`,
      advice: 'Change that person, or use another e-mail address.',
    });
  }
  if (!body?.message) return thrown;
  return new CutoverError({
    code: 'input_invalid',
    message: `${body.message.replace(/\.$/, '')}.`,
    advice: 'Correct it and press again; nobody was added.',
  });
}

/** An admin adds a person. @throws CutoverError role_missing | email_taken */
export async function createPersonAs({
  ctx,
  input,
}: {
  ctx: SessionContext;
  input: NewPerson;
}): Promise<{ id: string }> {
  requireRole(ctx.actor, 'admin', 'add a person');
  const { id } = await createPerson(input);
  await inTx(ctx.db, (tx) =>
    appendAudit(tx, {
      actor: ctx.actor.id,
      role: 'admin',
      act: 'person added',
      summary: `Added ${input.name} as ${input.roles.join(', ')}.`,
      what: { person: id, email: input.email, roles: input.roles },
    }),
  );
  return { id };
}

/** Id of the person with this address, or null. */
export async function personByEmail(email: string, db = getDb()): Promise<string | null> {
  const found = await db
    .select({ id: user.id })
    .from(user)
    .where(eq(user.email, sql`lower(${email})`));
  return found[0]?.id ?? null;
}
