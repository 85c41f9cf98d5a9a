import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { user } from '@/db/schema';
import { appendAudit } from '@/lib/audit/append';
import { changePerson } from '@/lib/auth/change-people';
import type { SessionContext } from '@/lib/auth/actor';
import { CutoverError } from '@/lib/errors';
import { fleetSignRoles } from '@/lib/fleet/sign-roles';
import { listWords } from '@/lib/shared/words';
import { fleetNow } from './fleet-now';

const Input = z.object({ personId: z.string(), signRoles: z.array(z.string()).max(50) });

/** An admin says for which roles of sign-offs a person may decide, instead of those before. What they signed stays signed.
 *  @throws CutoverError role_missing | person_unknown | input_invalid */
export async function giveSignRoles({
  ctx,
  input,
}: {
  ctx: SessionContext;
  input: z.input<typeof Input>;
}): Promise<void> {
  const { personId, signRoles } = Input.parse(input);
  const known = fleetSignRoles(await fleetNow(ctx.db));
  await changePerson(ctx, personId, 'say who signs as what', async ({ tx, person }) => {
    const [row] = await tx.select({ before: user.signsAs }).from(user).where(eq(user.id, person.id));
    const before = row?.before ?? [];
    // A role that its runbook has lost may be kept or taken away, but not given anew.
    const strange = signRoles.filter((id) => !before.includes(id) && !known.some((role) => role.id === id));
    if (strange.length)
      throw new CutoverError({
        code: 'input_invalid',
        message: `No runbook names the role ${strange.join(', ')}.`,
        advice: known.length
          ? `Choose among ${listWords(known.map(({ title }) => title))}.`
          : 'Name it in a sign-off of a runbook first.',
      });
    const given = [...new Set(signRoles)];
    await tx.update(user).set({ signsAs: given, updatedAt: new Date() }).where(eq(user.id, person.id));
    const titles = given.map((id) => known.find((role) => role.id === id)?.title ?? id);
    await appendAudit(tx, {
      actor: ctx.actor.id,
      role: 'admin',
      act: 'sign-off roles changed',
      summary: given.length ? `${person.name} now signs as ${listWords(titles)}.` : `${person.name} signs for no role.`,
      what: { person: person.id, before, after: given },
    });
  });
}
