/** What a clock on the wall shows there: "2026-11-21T02:30", the form of a date and time field. */
export function localOf(iso: string, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(new Date(iso));
  const at = (type: string) => parts.find((part) => part.type === type)?.value ?? '';
  return `${at('year')}-${at('month')}-${at('day')}T${at('hour')}:${at('minute')}`;
}

/**
 * The moment at which a clock there shows `local`; null when it is no date and time, or the zone is not known. An hour
 * that comes twice is its first; one that is left out counts from before the change, as clocks not yet set would show it.
 */
export function isoOfLocal(local: string, timeZone: string): string | null {
  const wanted = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/.test(local) ? Date.parse(`${local}Z`) : Number.NaN;
  if (Number.isNaN(wanted)) return null;
  try {
    const offsetAt = (ms: number) => {
      const minute = Math.floor(ms / 60_000) * 60_000;
      return Date.parse(`${localOf(new Date(minute).toISOString(), timeZone)}Z`) - minute;
    };
    const before = wanted - offsetAt(wanted - 86_400_000);
    const after = wanted - offsetAt(wanted + 86_400_000);
    const fits = [before, after].find((ms) => ms + offsetAt(ms) === wanted);
    return new Date(fits ?? before).toISOString();
  } catch {
    return null;
  }
}
