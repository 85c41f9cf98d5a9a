'use client';
import { startTransition, useEffect, useState } from 'react';
import type { FormAction } from '@/lib/views/action-result';
import type { ReviewsDto } from '@/lib/views/dto';

type Selected = NonNullable<ReviewsDto['selected']>;
const lookMs = 4_000;

/**
 * Remembers on the server what this person has seen, after some seconds with it. What had changed stays on the page
 * until another item is opened, although the server then counts it as seen.
 */
export function useLook(selected: Selected | null, look: FormAction): Selected['changed'] {
  const key = selected ? `${selected.cutoverId} ${selected.stepId}` : '';
  const fingerprint = selected?.fingerprint ?? '';
  const [kept, setKept] = useState<{ key: string; changed: Selected['changed'] }>({
    key,
    changed: selected?.changed ?? null,
  });
  const changed = selected?.changed ?? (kept.key === key ? kept.changed : null);
  if (kept.key !== key || (selected?.changed && selected.changed !== kept.changed))
    setKept({ key, changed: selected?.changed ?? null });

  useEffect(() => {
    if (!key || !fingerprint) return;
    const [cutoverId = '', stepId = ''] = key.split(' ');
    const timer = setTimeout(() => {
      const form = new FormData();
      form.set('cutoverId', cutoverId);
      form.set('stepId', stepId);
      startTransition(async () => {
        await look({ ok: null, nextKey: '' }, form);
      });
    }, lookMs);
    return () => clearTimeout(timer);
  }, [key, fingerprint, look]);
  return changed;
}
