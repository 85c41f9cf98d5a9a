import { createHash, randomBytes } from 'node:crypto';
import { and, eq, gt, isNull, sql } from 'drizzle-orm';
import { type Db, getDb } from '@/db/client';
import { setupToken, user } from '@/db/schema';
import { inTx, type Reader } from '@/db/tx';
import { appendAudit } from '@/lib/audit/append';
import { CutoverError } from '@/lib/errors';
import { parseRoles } from './actor';
import { consoleUrl } from './auth';
import { createPerson } from './create-person';

const hourMs = 3_600_000;
const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

/** True until the first admin exists. */
export async function setupOpen(db: Reader = getDb()): Promise<boolean> {
  const people = await db.select({ role: user.role }).from(user).where(sql`${user.role} like '%admin%'`);
  return !people.some(({ role }) => parseRoles(role).includes('admin'));
}

/** A one-time permission to make the first admin; good for an hour, only its digest is kept.
 *  The link carries it in the fragment, which no browser sends and no server logs.
 *  @throws CutoverError setup_done when there is an admin */
export async function makeSetupToken(db: Db = getDb()): Promise<{ token: string; link: string; expiresAt: Date }> {
  if (!(await setupOpen(db))) throw done();
  const token = randomBytes(24).toString('base64url');
  const expiresAt = new Date(Date.now() + hourMs);
  await db.insert(setupToken).values({ hash: hashOf(token), expiresAt });
  return { token, link: `${consoleUrl().origin}/setup#${token}`, expiresAt };
}

/** Makes the first admin and uses the token up; a failed creation leaves the token good.
 *  @throws CutoverError setup_token_wrong | setup_done | input_invalid */
export async function setUpFirstAdmin(
  input: { token: string; email: string; name: string; password: string },
  db: Db = getDb(),
): Promise<void> {
  await inTx(db, async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(7205114303)`);
    if (!(await setupOpen(tx))) throw done();
    const used = await tx
      .update(setupToken)
      .set({ usedAt: new Date() })
      .where(
        and(
          eq(setupToken.hash, hashOf(input.token.trim())),
          isNull(setupToken.usedAt),
          gt(setupToken.expiresAt, sql`now()`),
        ),
      )
      .returning({ hash: setupToken.hash });
    if (used.length === 0) {
      throw new CutoverError({
        code: 'setup_token_wrong',
        message: 'This set-up token is unknown, used or older than an hour.',
        advice: 'Paste the token of the newest printed link, or make a new one on the server with: cutover setup-link.',
      });
    }
    // On a connection of its own; if it fails, this transaction rolls back and the token stays good.
    const { id } = await createPerson({ ...input, roles: ['admin'] });
    await appendAudit(tx, {
      actor: id,
      role: 'admin',
      act: 'set up',
      summary: `Set up by ${input.name}, the first admin.`,
      what: { person: id },
    });
  });
}

const done = (): CutoverError =>
  new CutoverError({
    code: 'setup_done',
    message: 'This console is set up already.',
    advice: 'Sign in; an admin adds further people.',
  });
