import type { CutoverLine } from '@/db/queries/views/list-cutovers';
import { routes } from '@/lib/shared/routes';
import { capital } from '@/lib/shared/words';
import type { FleetRowDto, ProfileGroup } from '@/lib/views/dto';
import { driftWords, mixedWords } from '@/lib/views/words/mode';
import type { Blocker } from '@/lib/views/words/neighbours';
import type { Unread } from '@/lib/views/words/unread';
import type { Headline } from './cutover-headline';
import { endedWords } from './cutover-row';

export const cannotStart = 'Cannot start';

/** Lower comes first: what needs a person, then what moves, then what cannot start, then what may. */
export function urgencyOf(
  group: ProfileGroup,
  mode: FleetRowDto['mode'],
  open: Headline | null,
  stuck: boolean,
): number {
  if (group === 'drift' || group === 'unknown') return mode.readAt ? 1 : 6;
  if (open) return open.urgency;
  if (group !== 'source') return 7;
  if (mixedWords(mode)) return 4;
  return stuck ? 4 : 5;
}

type Standing = {
  group: ProfileGroup;
  mode: FleetRowDto['mode'];
  open: Headline | null;
  ended: CutoverLine | null;
  nowMs: number;
  blocker: Blocker | null;
  unread: Unread | null;
  inPlace: boolean;
};

export function statusOf({
  group,
  mode,
  open,
  ended,
  nowMs,
  blocker,
  unread,
  inPlace,
}: Standing): FleetRowDto['status'] {
  const stands = open ? ` Its cutover stands in ${open.headline}.` : '';
  const detail = `${driftWords(mode, nowMs)}${stands}`;
  if (group === 'drift') return { glyph: 'drift', headline: 'Drift', detail, fraction: null };
  if (group === 'unknown') return { glyph: 'unknown', headline: 'Unknown', detail, fraction: null };
  if (open?.trouble)
    return {
      glyph: open.trouble.glyph,
      headline: capital(open.trouble.word),
      detail: `${open.detail}${stands}`,
      fraction: null,
    };
  if (open) return { glyph: open.glyph, headline: open.headline, detail: open.detail, fraction: open.fraction };
  if (group === 'on_target')
    return {
      glyph: 'passed',
      headline: 'On target',
      detail: ended?.state === 'closed' ? endedWords(ended) : 'Not moved by this console.',
      fraction: null,
    };
  const mixed = mixedWords(mode);
  if (mixed) return { glyph: 'waiting', headline: 'Mixed', detail: mixed, fraction: null };
  if (blocker) return { glyph: 'failed', headline: cannotStart, detail: capital(blocker.cause), fraction: null };
  if (unread) return { glyph: 'unknown', headline: 'Source unread', detail: unread.message, fraction: null };
  return {
    glyph: 'source',
    headline: inPlace ? 'Live schema' : 'Source mode',
    detail: ended ? `${endedWords(ended)} Ready to plan.` : 'Ready to plan.',
    fraction: null,
  };
}

export function actionOf(
  group: ProfileGroup,
  system: string,
  sourceId: string,
  cutoverId: string | null,
  mayPlan: boolean,
  stuck: boolean,
): FleetRowDto['action'] {
  const profile = routes.profile(system, sourceId);
  if (group === 'drift' || group === 'unknown') return { label: 'See cause', href: profile };
  if (cutoverId) return { label: 'Open', href: routes.cutover(cutoverId) };
  if (group === 'source' && stuck) return { label: 'See cause', href: profile };
  return group === 'source' && mayPlan
    ? { label: 'Start…', href: routes.newCutover(system, sourceId) }
    : { label: 'Open', href: profile };
}
