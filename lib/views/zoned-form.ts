import { isoOfLocal } from '@/lib/shared/zoned-time';

/** A date and time field has no zone: `t0` as the clock in the form's `zone` shows it becomes a moment. Anything else stays. */
export function withZone(form: unknown): unknown {
  if (!(form instanceof FormData)) return form;
  const iso = isoOfLocal(String(form.get('t0') ?? ''), String(form.get('zone') ?? ''));
  if (iso) form.set('t0', iso);
  return form;
}
