import type { PlanLine } from '@/lib/shared/evidence';
import { formatAbout } from '@/lib/shared/format';
import { capital, listWords } from '@/lib/shared/words';
import { overLimitWords, type PredictedHold } from './hold';
import { aboutWords, ageWords } from './times';

export type Sentence = { lead: string; rest: string; waiting: string | null };

const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

type Effect = Pick<PlanLine, 'effect' | 'on' | 'stays'>;

/** "Nothing is written.", "Writes to target.", or nothing while there is no plan. */
export function effectWords(lines: Effect[] | null): string {
  if (!lines) return '';
  const writes = lines.filter(({ effect }) => effect === 'write');
  const on = placesOf(writes.filter(({ stays }) => stays !== false));
  if (on.length) return `Writes to ${listWords(on)}.`;
  const tried = placesOf(writes);
  return tried.length
    ? `Tries a write on ${listWords(tried)} and takes it back. Nothing stays.`
    : 'Nothing is written.';
}

const placesOf = (lines: Effect[]): string[] => [...new Set(lines.map(({ on }) => placeWords(on)))];

/** Where a plan line acts, in a sentence. What the console writes for itself touches neither side. */
function placeWords(on: string): string {
  if (on === 'console') return "the console's data folder";
  return ['source', 'target', 'service', 'shadow'].includes(on) ? `the ${on}` : on;
}

export type NextStep = {
  verb: string;
  title: string;
  plannedMs: number;
  lines: Effect[] | null;
};
const nextWords = ({ verb, title, plannedMs, lines }: NextStep): { lead: string; rest: string } => ({
  lead: `Next: ${verb ? `${verb} ` : ''}${title}.`,
  rest: [aboutWords(plannedMs), effectWords(lines)].filter(Boolean).join(' '),
});

/** A step that may be pressed. */
export const readySentence = (next: NextStep): Sentence => ({ ...nextWords(next), waiting: null });

/** A step under way, and what comes after it. How long it still takes is said by whoever holds its readings. */
export function runningSentence(title: string, next: NextStep | null): Sentence {
  const after = next ? nextWords(next) : null;
  return {
    lead: `Now: ${title}.`,
    rest: after ? `${after.lead} ${after.rest}`.trim() : '',
    waiting: `Waits for ${title}`,
  };
}

/** The switch: what people feel of it comes first. */
export const switchSentence = (predicted: PredictedHold, name = 'switch'): Sentence => ({
  lead: `Next: ${name.toLowerCase()}.`,
  rest: [`Users wait about ${formatAbout(predicted.ms)}.`, overLimitWords(predicted)].filter(Boolean).join(' '),
  waiting: null,
});

/** A switch that went back while users were still held. */
export const returnedSentence = (why: string, predicted: PredictedHold, name = 'switch'): Sentence => ({
  lead: `The ${name.toLowerCase()} was ${name === 'switch' ? 'returned' : 'taken back'} by itself.`,
  rest: [
    why.replace(/^Failed(, then taken back)?: /, '').replace(/[^.!?…]$/, '$&.'),
    `Next: ${name.toLowerCase()} again.`,
    predicted.ms > predicted.limitMs && `Users would wait about ${formatAbout(predicted.ms)}.`,
    overLimitWords(predicted),
  ]
    .filter(Boolean)
    .join(' '),
  waiting: null,
});

/** The first word of a claim within a sentence; a name such as SX_POSTGRES_DSN or PostgreSQL keeps its capitals. */
const lowerWord = (word: string): string => (/^[A-Z][a-z']*$/.test(word) ? lower(word) : word);

/** @param move label of the recommended move, without its dots */
export const failedSentence = (title: string, why: string, move: string | null): Sentence => ({
  lead: `${capital(title)} ${why.startsWith('Rejected') ? 'was rejected' : 'failed'}.`,
  rest: [
    why
      .replace(/^(Failed|Rejected|Failed, then taken back): /, '')
      .replace(/^Not shown: (\S+)/, (_, word: string) => `Does not hold: ${lowerWord(word)}`)
      .replace(/[^.!?…]$/, '$&.'),
    move ? `Next: ${lower(move.replace(/…$/, ''))}.` : '',
  ]
    .filter(Boolean)
    .join(' '),
  waiting: null,
});

/** "a reviewer's", or the names of those who were asked. */
export const whoseWords = (asked: string[]): string => `${asked.length ? listWords(asked) : 'a reviewer'}'s`;

/** The first moments are no time that anybody waits. */
const sinceWords = (ms: number): string => (ms < 5_000 ? 'Since just now.' : `For ${ageWords(ms)}.`);

export const signOffSentence = (sinceMs: number | null, stale: string | null, asked: string[] = []): Sentence => ({
  lead: `Waits for ${whoseWords(asked)} sign-off.`,
  rest: stale ?? (sinceMs === null ? 'A reviewer who ran no step decides on the evidence.' : sinceWords(sinceMs)),
  waiting: stale ? null : `Waits for ${whoseWords(asked)} sign-off`,
});

/** @param reason which roles have signed, and which still lack */
export const rolesSentence = (reason: string): Sentence => ({
  lead: 'Waits for sign-offs.',
  rest: reason,
  waiting: reason.replace(/\.$/, ''),
});

/** @param reason the step's own: what was said at the rejection, and what has changed since */
export const rejectedSentence = (reason: string): Sentence => ({
  lead: 'The sign-off was rejected.',
  rest: capital(reason.replace(/^Rejected(:| before;) /, '')),
  waiting: null,
});

/** Anything else that cannot be pressed now: the gate's own reason. */
export const waitingSentence = (title: string, reason: string): Sentence => ({
  lead: `Next: ${title}.`,
  rest: reason,
  waiting: reason.replace(/\.$/, ''),
});
