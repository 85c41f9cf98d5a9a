import { z } from 'zod';
import { chooseRuleRow } from '@/db/queries/approval/choose-rule';
import { insertEvent } from '@/db/queries/cutover/insert-event';
import { appendAudit } from '@/lib/audit/append';
import { losingRules } from '@/lib/dataplane/rule-texts';
import { CutoverError } from '@/lib/errors';
import { countWords } from '@/lib/shared/words';
import { rulesAreSettled } from '@/lib/shared/statuses';
import type { VerbContext } from './context';
import { auditKey, openLocked, pressOnce, requireTypedId } from './press';
import { requireRole } from './who-may';

const Input = z.object({
  key: z.string().optional(),
  cutoverId: z.string(),
  findingKeys: z.array(z.string()).min(1),
  rule: z.string(),
  typedId: z.string().optional(),
});

/** Records how values that do not fit are moved: one rule for each finding named, all of them or none. Only before the
 *  switch: afterwards they have been moved. A rule that loses values takes the typed id, for one finding too.
 *  @throws CutoverError state_forbids | input_invalid | typed_id_differs */
export async function chooseRule({
  ctx,
  input,
}: {
  ctx: VerbContext;
  input: z.input<typeof Input>;
}): Promise<{ rule: string }> {
  const role = requireRole(ctx, 'choose-rule');
  const { key, cutoverId, findingKeys, rule, typedId } = Input.parse(input);
  return pressOnce(ctx, 'choose-rule', key, async (tx) => {
    const { rows } = await openLocked(tx, cutoverId);
    if (rulesAreSettled(rows.cutover.state)) {
      throw new CutoverError({
        code: 'state_forbids',
        message: `The cutover is ${rows.cutover.state.replace('_', ' ')}; its rules are settled.`,
        advice: 'Roll back first if the rule was wrong.',
      });
    }
    const several = new Set(findingKeys);
    if (losingRules.has(rule)) requireTypedId(rows, typedId);
    const chosen = [];
    for (const finding of several) {
      if (!(await chooseRuleRow(tx, cutoverId, finding, rule, ctx.actor.id))) {
        throw new CutoverError({
          code: 'input_invalid',
          message: `Finding ${finding} offers no rule ${rule}.`,
          advice: 'Choose one of the offered rules.',
        });
      }
      const found = rows.findings.find(({ key: one }) => one === finding);
      chosen.push({ finding, before: found?.rule ?? null, stepId: found?.stepId ?? null });
    }
    const [first] = chosen;
    await insertEvent(tx, cutoverId, 'finding', first?.stepId ?? null, {
      keys: chosen.map((one) => one.finding),
      rule,
    });
    await appendAudit(tx, {
      ...auditKey(rows),
      actor: ctx.actor.id,
      role,
      act: 'choose-rule',
      summary: `Chose ${rule} for ${chosen.length === 1 ? first?.finding : countWords(chosen.length, 'finding')}`,
      what: { rule, findings: chosen.map(({ finding, before }) => ({ finding, before })) },
    });
    return { rule };
  });
}
