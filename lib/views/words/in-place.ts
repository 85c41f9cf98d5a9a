import type { Runbook } from '@/lib/fleet/runbook-schema';
import { capital } from '@/lib/shared/words';
import type { DecisionDto, LiveStripDto } from '@/lib/views/dto';
import { type LostPlace, lostPlaceWords } from './lost-place';
import { replaceWords, type Replaces } from './replaces';

/** What the one press of a runbook that switches nothing is called: the title of its sequence ("Restore"). Null where a
 *  backend is switched. */
export function inPlaceName({ from, to, phases }: Pick<Runbook, 'from' | 'to' | 'phases'>): string | null {
  if (from !== to) return null;
  return phases.find(({ sequence }) => sequence)?.title ?? null;
}

/** The press in a sentence: "the switch", "it is switching", "it is switched"; of a live schema that is restored, of that. */
export type PressWords = { noun: string; now: string; done: string };

export function pressWords(runbook: Pick<Runbook, 'from' | 'to' | 'phases'>): PressWords {
  const noun = inPlaceName(runbook)?.toLowerCase();
  if (!noun) return { noun: 'switch', now: 'switching', done: 'switched' };
  if (/\s/.test(noun)) return { noun, now: `${noun} under way`, done: `${noun} done` };
  const stem = noun.replace(/e$/, '');
  return { noun, now: `${stem}ing`, done: `${stem}ed` };
}

type Lines = DecisionDto['lines'];
const line = (label: Lines[number]['label'], fact: string, detail: string, loss = false): Lines[number] => ({
  label,
  fact,
  detail,
  loss,
});

type Press = {
  service: string;
  schema: string;
  name: string;
  chosen?: string | null;
  /** As counted when the plan was made: users write on until they are held. */
  replaces?: Replaces | undefined;
};

/** What the press does to a live schema, and what its rollback would; the lines between are those of every press. */
export function inPlaceLines(
  act: 'switch' | 'rollback',
  { service, schema, name, chosen, replaces }: Press,
  between: Lines,
  loss: Lines[number],
): Lines {
  const sets = replaceWords(replaces ?? { aside: null, restored: null });
  if (act === 'rollback')
    return [
      line(
        'Does',
        `Holds writes, stops ${service}, puts schema ${schema} back as it was under the hold, and starts it again.`,
        'What was written since is set aside with its schema.',
      ),
      ...between,
      loss,
      line('If it fails', 'stops and waits for a person.', 'Every step of it may be pressed again.'),
    ];
  return [
    line(
      'Does',
      chosen
        ? `Holds writes, stops ${service}, backs up schema ${schema} as it is and puts the chosen ${chosen} in its place.`
        : `Holds writes, stops ${service}, backs up schema ${schema} and puts that backup in its place.`,
      `${replaces?.aside ? `${sets.fact} ${sets.detail} ` : ''}${chosen ? 'What was written after it was taken goes aside with the schema from before. ' : ''}${capital(name.toLowerCase())} is all or nothing; users are let through when the validation has passed.`,
      Boolean(chosen),
    ),
    ...between,
    line(
      'Undo',
      'until you close: the schema from before stands aside.',
      'A rollback drops what is written after users are let through.',
      true,
    ),
    line('If it fails', 'everything is taken back by itself', 'while users are still held.'),
  ];
}

/** Abandoning takes nothing from a live schema: this cutover did not make it. */
export const inPlaceAbandon = (schema: string, freeze: Lines[number], lost: LostPlace | null): Lines => [
  line(
    'Does',
    'Ends the cutover and frees the profile.',
    `Schema ${schema} and its rows stay as they are; backups and evidence are kept.`,
  ),
  line('Affects', 'no running service.', 'Users stay as they are.'),
  freeze,
  line(
    'Undo',
    'plan a new cutover.',
    lost ? `What the rollback took out is in ${lostPlaceWords(lost)}.` : 'The live schema was only read.',
  ),
  line('If it fails', 'it says what is left.', 'It may be pressed again.'),
];

/** Title of the strip of such a press. */
export function inPlaceTitle(outcome: LiveStripDto['outcome'], who: string, name: string, back: boolean): string {
  const what = back ? 'Rollback' : name;
  switch (outcome) {
    case 'running':
      return `${what} of ${who}`;
    case 'done':
      return `${what} of ${who} is done`;
    case 'returned':
      return `${what} of ${who} was taken back by itself`;
    case 'failed':
      return `${what} of ${who} stopped`;
  }
}

/** What can still be undone once users were let through, and after the rollback. */
export const inPlaceUndo = (state: 'switched' | 'rolled_back'): string =>
  state === 'switched'
    ? 'Until close a rollback to the schema from before is possible. It drops what was written since, and sets it aside.'
    : 'The service is on the schema from before. What was written since stands aside until the next close; Abandon frees the profile.';
