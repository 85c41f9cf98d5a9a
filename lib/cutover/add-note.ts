import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { insertNote } from '@/db/queries/approval/insert-note';
import { insertEvent } from '@/db/queries/cutover/insert-event';
import { appendAudit } from '@/lib/audit/append';
import { redact } from '@/lib/shared/redact';
import type { VerbContext } from './context';
import { auditKey, openLocked, pressOnce } from './press';
import { requireRole } from './who-may';

const Input = z.object({
  key: z.string().optional(),
  cutoverId: z.string(),
  stepId: z.string().optional(),
  text: z.string().trim().min(1).max(4000),
});

export async function addNote({
  ctx,
  input,
}: {
  ctx: VerbContext;
  input: z.input<typeof Input>;
}): Promise<{ noteId: string }> {
  const role = requireRole(ctx, 'note');
  const { key, cutoverId, stepId, text } = Input.parse(input);
  return pressOnce(ctx, 'add-note', key, async (tx) => {
    const { rows } = await openLocked(tx, cutoverId);
    const noteId = randomUUID();
    await insertNote(tx, { id: noteId, cutoverId, stepId: stepId ?? null, text: redact(text), by: ctx.actor.id });
    await insertEvent(tx, cutoverId, 'note', stepId ?? null, { noteId });
    await appendAudit(tx, {
      ...auditKey(rows),
      actor: ctx.actor.id,
      role,
      act: 'add-note',
      summary: 'Wrote a note',
      what: { noteId, stepId: stepId ?? null, text },
    });
    return { noteId };
  });
}
