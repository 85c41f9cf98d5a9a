import type { DecisionDto } from '@/lib/views/dto';
import { affects, freeze, laterLines, line, lossLine, noFreeze } from './decision-lines';
import type { PredictedHold } from './hold';
import { inPlaceAbandon, inPlaceLines } from './in-place';
import { type LostPlace, notInSourceWords, willStandAside } from './lost-place';
import { replaceWords, type Replaces } from './replaces';

export type DecisionFacts = {
  act: DecisionDto['act'];
  sourceId: string;
  from: string;
  to: string;
  service: string;
  schema: string;
  stepTitle: string;
  /** The surfaces of a cutover that was planned for some of them. */
  surfaces?: readonly string[];
  /** Profiles that the same press covers: behind one process they switch and go back together. */
  together?: string[];
  /** Profiles behind the same service. */
  neighbours: string[];
  /** How long its press holds users. */
  predicted: PredictedHold;
  /** Rows a rollback drops; null when they could not be counted. */
  lossCount: bigint | null;
  /** Users write on while the loss is read, so a count is of the moment it was read. */
  lossMoves: boolean;
  keepDays: number | null;
  /** The target alone holds what users wrote, and the runbook has nothing that sets it aside. */
  keepsTarget?: boolean;
  /** Where what users wrote to the target is since the rollback. */
  lost?: LostPlace | null;
  /** Schema of the ledger that stays in the target; null: not known. */
  ledger?: string | null;
  /** Title of the step of a data rollback that makes the schema anew where the snapshot holds none. */
  remakes?: string | null;
  /** What the press is called where nothing is switched. */
  inPlace?: string | null;
  /** The earlier snapshot that a person chose to be restored. */
  chosen?: string | null;
  /** Rows that its restore sets aside and puts back. */
  replaces?: Replaces;
  /** Pressed alone, a step of a sequence that broke: what it is for. Null: the press starts where its sequence does. */
  later?: { why: string; held: boolean } | null;
};
type Lines = DecisionDto['lines'];

/** Does, Affects, Freeze, Undo, If it fails: always these five, in this order. */
export function decisionLines(facts: DecisionFacts): Lines {
  const { act, from, service, schema, stepTitle, keepDays, inPlace, later } = facts;
  const replaced = replaceWords(facts.replaces ?? { aside: null, restored: null });
  if (later) return laterLines(facts, later);
  if (inPlace && (act === 'switch' || act === 'rollback'))
    return inPlaceLines(
      act,
      { service, schema, name: inPlace, chosen: facts.chosen ?? null, replaces: facts.replaces },
      [affects(facts), freeze(facts)],
      lossLine(facts),
    );
  switch (act) {
    case 'switch':
      return [
        line(
          'Does',
          `Holds writes, copies what changed since the load, restarts ${service}.`,
          'Lets users through when all checks pass.',
        ),
        affects(facts),
        freeze(facts),
        line(
          'Undo',
          'until you close, but a rollback drops new writes.',
          'There is no way back for them; they stay readable in the target.',
          true,
        ),
        line('If it fails', `returns to ${from} by itself`, 'while users are still held.'),
      ];
    case 'repair':
      return [
        line(
          'Does',
          'Makes the target follow the compared copy in exactly the rows below.',
          'Inserts what is missing, updates what differs, deletes what is extra; then compares again by itself.',
        ),
        line('Affects', `schema ${schema},`, 'no running service and no other profile.'),
        noFreeze,
        line(
          'Undo',
          'none for what these rows hold in the target now.',
          'The copy has them all; import can run again.',
        ),
        line('If it fails', 'nothing has changed.', 'The repair is one transaction.'),
      ];
    case 'rollback':
      return [
        line(
          'Does',
          `Holds writes, sets the mode to ${from}, restarts ${service}.`,
          'The target keeps its data for forensics.',
        ),
        affects(facts),
        freeze(facts),
        lossLine(facts),
        line('If it fails', 'stops and waits for a person.', 'Every step of it may be pressed again.'),
      ];
    case 'data-rollback':
      return [
        line(
          'Does',
          replaced.fact,
          `${replaced.detail} What is there is copied first; registry rows become as they were, all or nothing.${remadeWords(facts)}`,
        ),
        line('Affects', `schema ${schema},`, `no other profile; the service stays on ${from}.`),
        noFreeze,
        line('Undo', 'what is there now is set aside.', willStandAside),
        line('If it fails', 'nothing has changed.', 'The restore is one transaction.'),
      ];
    case 'close':
      return [
        line('Does', `${inPlace ? 'Drops what was set aside' : 'Takes the fence down'} and ends the window.`, ''),
        affects(facts),
        noFreeze,
        line(
          'Undo',
          'none: after it there is no rollback from this page.',
          keepDays ? `The source snapshot is kept for ${keepDays} days.` : '',
          true,
        ),
        line('If it fails', 'the window stays open.', 'It may be pressed again.'),
      ];
    case 'abandon':
      if (facts.from === facts.to) return inPlaceAbandon(schema, noFreeze, facts.lost ?? null);
      if (facts.keepsTarget)
        return [
          line(
            'Does',
            `Keeps schema ${schema} as it is: it holds what users wrote between switch and rollback.`,
            'Keeps the evidence and frees the profile.',
          ),
          line('Affects', 'nothing that runs.', `Users stay on ${from}.`),
          noFreeze,
          line(
            'Undo',
            'nothing is taken away.',
            'Before the next cutover somebody moves those rows or drops the schema.',
          ),
          line('If it fails', 'nothing has changed.', 'It may be pressed again.'),
        ];
      return [
        line(
          'Does',
          `Drops schema ${schema} and its rows in the registry and shared tables, if this cutover made them.`,
          `Keeps the evidence and frees the profile; of ours ${facts.lost?.aside ? `stay in the target schema ${facts.lost.schema}, which was set aside, and` : 'stays in the target only'} the empty ledger of the role that loads, ${facts.ledger ? `schema ${facts.ledger}` : 'in a schema of its own'}.`,
        ),
        line('Affects', 'no running service.', `Users stay on ${from}.`),
        noFreeze,
        line(
          'Undo',
          'plan a new cutover.',
          facts.lost ? notInSourceWords(facts.lost, from) : 'The source keeps every row.',
        ),
        line('If it fails', 'it says what is left.', 'It may be pressed again.'),
      ];
    case 'override':
      return [
        line(
          'Does',
          `Lets the cutover go on without the verdict of ${stepTitle}.`,
          'Once a second person confirms it.',
        ),
        line('Affects', 'the steps behind it.', 'Nothing is run by it.'),
        noFreeze,
        line('Undo', 'none: it shows for ever.', 'With your name and the reason.', true),
        line('If it fails', 'nothing has changed.', ''),
      ];
  }
}

/** A snapshot of an absent schema: what the data rollback leaves is not absent for long. */
const remadeWords = ({ replaces, remakes, schema }: DecisionFacts): string =>
  remakes && replaces?.restored?.tables === 0 ? ` Then schema ${schema} is made anew, empty (${remakes}).` : '';
