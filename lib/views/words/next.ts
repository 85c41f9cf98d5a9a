import { type Because, becauseWords, changedWords } from '@/lib/cutover/because';
import type { PlanLine } from '@/lib/shared/evidence';
import { formatAbout } from '@/lib/shared/format';
import { capital, countWords, listWords, plural } from '@/lib/shared/words';
import { overLimitWords, type PredictedHold } from './hold';
import { aboutWords, ageWords } from './times';

/** `after`: what comes after that, or the recommended move, said in the strongest ink as well. */
export type Sentence = {
  lead: string;
  rest: string;
  after?: { lead: string; rest: string } | null;
  waiting: string | null;
};

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
  return {
    lead: `Now: ${title}.`,
    rest: '',
    after: next ? nextWords(next) : null,
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
export const returnedSentence = (broke: Broke, predicted: PredictedHold, name = 'switch'): Sentence => ({
  lead: `The ${name.toLowerCase()} was ${name === 'switch' ? 'returned' : 'taken back'} by itself.`,
  rest: ended(broke.because && 'message' in broke.because ? broke.because.message : (broke.reason ?? '')),
  after: {
    lead: `Next: ${name.toLowerCase()} again.`,
    rest: [
      predicted.ms > predicted.limitMs && `Users would wait about ${formatAbout(predicted.ms)}.`,
      overLimitWords(predicted),
    ]
      .filter(Boolean)
      .join(' '),
  },
  waiting: null,
});

/** Why a step stands where it does. */
export type Broke = { because?: Because | null; reason: string | null };

const ended = (text: string): string => text.replace(/[^.!?…]$/, '$&.');

/** The first word of a claim within a sentence; a name such as SX_POSTGRES_DSN or PostgreSQL keeps its capitals. */
export const lowerFirst = (claim: string): string =>
  claim.replace(/^\S+/, (word) => (/^[A-Z][a-z']*$/.test(word) ? lower(word) : word));

/** Why it broke, behind a lead that says that it did. */
function brokeWords({ because, reason }: Broke): string {
  switch (because?.why) {
    case 'failed':
    case 'returned':
      return because.message;
    case 'not-shown':
      return `Does not hold: ${lowerFirst(because.claim)}`;
    case 'rejected':
      return because.as ? becauseWords(because) : because.reason;
    default:
      return reason ?? '';
  }
}

/** @param move label of the recommended move, without its dots */
export const failedSentence = (title: string, broke: Broke, move: string | null): Sentence => ({
  lead: `${capital(title)} ${broke.because?.why === 'rejected' ? 'was rejected' : 'failed'}.`,
  rest: ended(brokeWords(broke)),
  after: move ? { lead: `Next: ${lower(move.replace(/…$/, ''))}.`, rest: '' } : null,
  waiting: null,
});

/** No retry helps. @param lasting why @param ways labels of what leads on, in a sentence */
export const lastingSentence = (title: string, broke: Broke, lasting: string, ways: string[]): Sentence => {
  const { lead, rest } = failedSentence(title, broke, null);
  return {
    lead,
    rest: [rest, lasting].filter(Boolean).join(' '),
    after: ways.length ? { lead: `Next: ${ways.join(', or ')}.`, rest: '' } : null,
    waiting: null,
  };
};

/** An admin asked for it; until somebody else stands behind it, nothing changes. */
export const overrideSentence = (title: string): Sentence => ({
  lead: `${capital(title)} failed.`,
  rest: 'Waits for a second person for the override.',
  waiting: 'Waits for a second person for the override',
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

/** @param roles of the sign-off, each with what stands of it */
export function rolesSentence(roles: readonly { title: string; stands: string }[]): Sentence {
  const titles = (signed: boolean): string =>
    listWords(roles.filter(({ stands }) => (stands === 'signed') === signed).map(({ title }) => title));
  const lacking = roles.filter(({ stands }) => stands !== 'signed').length;
  const waiting = `${titles(false)} ${plural(lacking, 'has', 'have')} to decide${titles(true) ? `; ${titles(true)} signed` : ''}`;
  return { lead: `Waits for ${countWords(lacking, 'sign-off')}.`, rest: `${waiting}.`, waiting };
}

/** What was said at the rejection, or what has changed since. */
export const rejectedSentence = ({ because, reason }: Broke): Sentence => ({
  lead: 'The sign-off was rejected.',
  rest: because?.why === 'rejected' && !because.as ? againWords(because) : (reason ?? ''),
  waiting: null,
});

const againWords = ({ reason, changed }: Extract<Because, { why: 'rejected' }>): string =>
  changed.length ? changedWords(changed) : `${capital(reason)} A reviewer may decide again.`;

/** Anything else that cannot be pressed now: the gate's own reason. */
export const waitingSentence = (title: string, reason: string): Sentence => ({
  lead: `Next: ${title}.`,
  rest: reason,
  waiting: reason.replace(/\.$/, ''),
});

/** Of a press that waits for a failing service. */
export const sparingWords = 'It writes to the service: press it once that answers again.';

/** The whole of it in one line. */
export const sentenceText = ({ lead, rest, after }: Sentence): string =>
  [lead, rest, after?.lead, after?.rest].filter(Boolean).join(' ');
