import { z } from 'zod';
import { chooseRuleRow } from '@/db/queries/approval/choose-rule';
import { insertEvent } from '@/db/queries/cutover/insert-event';
import { appendAudit } from '@/lib/audit/append';
import { CutoverError } from '@/lib/errors';
import { requireRole, type VerbContext } from './context';
import { auditKey, openLocked, pressOnce } from './press';

const Input = z.object({ key: z.string().optional(), cutoverId: z.string(), findingKey: z.string(), rule: z.string() });

/** Records how values that do not fit are moved. Only before the switch: afterwards they have been moved.
 *  @throws CutoverError state_forbids | input_invalid */
export async function chooseRule({
  ctx,
  input,
}: {
  ctx: VerbContext;
  input: z.input<typeof Input>;
}): Promise<{ rule: string }> {
  const role = requireRole(ctx, ['operator'], 'choose a rule');
  const { key, cutoverId, findingKey, rule } = Input.parse(input);
  return pressOnce(ctx, 'choose-rule', key, async (tx) => {
    const { rows } = await openLocked(tx, cutoverId);
    if (rows.cutover.state !== 'planned' && rows.cutover.state !== 'open') {
      throw new CutoverError({
        code: 'state_forbids',
        message: `The cutover is ${rows.cutover.state.replace('_', ' ')}; its rules are settled.`,
        advice: 'Roll back first if the rule was wrong.',
      });
    }
    if (!(await chooseRuleRow(tx, cutoverId, findingKey, rule, ctx.actor.id))) {
      throw new CutoverError({
        code: 'input_invalid',
        message: `Finding ${findingKey} offers no rule ${rule}.`,
        advice: 'Choose one of the offered rules.',
      });
    }
    const found = rows.findings.find((finding) => finding.key === findingKey);
    await insertEvent(tx, cutoverId, 'finding', found?.stepId ?? null, { key: findingKey, rule });
    await appendAudit(tx, {
      ...auditKey(rows),
      actor: ctx.actor.id,
      role,
      act: 'choose-rule',
      summary: `Chose ${rule} for ${findingKey}`,
      what: { finding: findingKey, rule, before: found?.rule ?? null },
    });
    return { rule };
  });
}
