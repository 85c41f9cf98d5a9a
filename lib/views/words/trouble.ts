import { ageWords } from './times';

/** `badge`: beside the state of a cutover, where it must say that it speaks of the service. */
export type Trouble = {
  glyph: 'failed' | 'unknown' | 'drift';
  word: string;
  badge: string;
  lead: string;
  rest: string;
};

/** What the newest look at the service found, when it is not what its users need. */
export type TroubleGiven = {
  kind: 'silent' | 'unhealthy' | 'unknown' | 'drift' | 'elsewhere' | 'unread';
  cause: string | null;
  /** ISO UTC: since when it is so. */
  since: string | null;
  readAt: string;
  ageMs: number;
  declared: string | null;
  observed: string | null;
  /** The mode its cutover left it in. */
  expected: string;
  /** The way out: "Roll back… returns to SQLITE.", or empty. */
  way: string;
};

const told: Record<TroubleGiven['kind'], Pick<Trouble, 'glyph' | 'word' | 'badge'>> = {
  silent: { glyph: 'failed', word: 'no answer', badge: 'service does not answer' },
  unhealthy: { glyph: 'failed', word: 'not healthy', badge: 'service not healthy' },
  unknown: { glyph: 'unknown', word: 'mode unknown', badge: 'mode unknown' },
  drift: { glyph: 'drift', word: 'drift', badge: 'mode drift' },
  elsewhere: { glyph: 'drift', word: 'drift', badge: 'mode drift' },
  unread: { glyph: 'unknown', word: 'not read', badge: 'service not read' },
};

function leadOf({ kind, expected }: TroubleGiven): string {
  switch (kind) {
    case 'silent':
      return 'The service does not answer; users may be failing.';
    case 'unhealthy':
      return 'The service is not healthy; users may be failing.';
    case 'unknown':
      return 'The mode of the service is not known.';
    case 'drift':
      return 'The service is in another mode than declared.';
    case 'elsewhere':
      return `The service is not on ${expected}.`;
    case 'unread':
      return 'Whether the service answers is not known.';
  }
}

/** No look has told anything of it. */
export const neverRead: Trouble = {
  ...told.unread,
  lead: 'Whether the service answers is not known.',
  rest: 'No worker has read it yet.',
};

/** Since when, why, how old the reading is, and the way out; moments in ISO UTC. */
export function troubleWords(given: TroubleGiven): Trouble {
  const { kind, cause, since, readAt, ageMs, declared, observed, way } = given;
  const modes =
    kind === 'drift' || kind === 'elsewhere' ? `Declared ${declared ?? 'nothing'}, observed ${observed}.` : '';
  const rest = [
    kind !== 'unread' && cause,
    modes,
    kind !== 'unread' && since && `Since ${since}.`,
    kind === 'unread' ? `It was last read ${ageWords(ageMs)} ago, at ${readAt}.` : `Read ${ageWords(ageMs)} ago.`,
    way,
  ];
  return { ...told[kind], lead: leadOf(given), rest: rest.filter(Boolean).join(' ') };
}
