import { formatAbout, formatDuration } from '@/lib/shared/format';
import { countWords, listWords } from '@/lib/shared/words';
import type { DecisionDto } from '@/lib/views/dto';
import type { DecisionFacts } from './decision';
import { overLimitWords, predictedByWords } from './hold';

type Lines = DecisionDto['lines'];
type Line = Lines[number];

export const line = (label: Line['label'], fact: string, detail: string, loss = false): Line => ({
  label,
  fact,
  detail,
  loss,
});
export const noFreeze = line('Freeze', 'none.', 'Users are not held.');

export function laterLines(facts: DecisionFacts, { why, held }: NonNullable<DecisionFacts['later']>): Lines {
  const { stepTitle } = facts;
  return [
    line('Does', `Runs ${stepTitle} once more.`, `${why} What follows it goes on by itself.`),
    affects(facts),
    held ? line('Freeze', 'users are held now,', 'and are let through by the thaw of this press.') : noFreeze,
    line('Undo', 'as before this press.', 'It goes on with what was decided already.'),
    line('If it fails', 'stops and waits for a person.', 'It may be pressed again.'),
  ];
}

export function affects(facts: DecisionFacts): Line {
  const { surfaces, sourceId } = facts;
  const line = affectedLine(facts);
  if (!surfaces) return line;
  return {
    ...line,
    detail: `${line.detail} Of ${sourceId} only ${listWords([...surfaces])}; its other surfaces stay where they are.`,
  };
}

function affectedLine({ service, neighbours, together = [], sourceId }: DecisionFacts): Line {
  if (together.length > 0)
    return line(
      'Affects',
      `1 service, ${service}, with ${listWords([sourceId, ...together])}.`,
      'Behind one process they go together or not at all.',
    );
  return neighbours.length === 0
    ? line('Affects', `1 service, ${service},`, 'no other profile.')
    : line(
        'Affects',
        `1 service, ${service}, and with it ${listWords(neighbours)}.`,
        `${neighbours.length === 1 ? 'It restarts' : 'They restart'} with it.`,
      );
}

export function freeze({ act, predicted }: DecisionFacts): Line {
  const { ms, by, limitMs } = predicted;
  const over = act === 'switch' ? overLimitWords(predicted) : '';
  return line(
    'Freeze',
    `predicted ${by === 'switch' ? formatDuration(ms) : formatAbout(ms)},`,
    `${predictedByWords[by]}; limit ${formatAbout(limitMs)}.${over && ` ${over}`}`,
    over !== '',
  );
}

export function lossLine({ lossCount: count, lossMoves }: DecisionFacts): Line {
  if (count === null)
    return line(
      'Undo',
      'unknown: rows written since the switch could not be counted.',
      'They stay in the target, if it can be reached.',
      true,
    );
  if (count === 0n && !lossMoves) return line('Undo', 'nothing is lost.', 'Users were never let through.');
  if (count === 0n)
    return line(
      'Undo',
      'none for what is written from now on.',
      'No row was found when the loss was last read; rows written since stay readable in the target.',
      true,
    );
  return line(
    'Undo',
    `none for the ${countWords(count, 'row')} below${lossMoves ? ' and what is written from now on' : ''}.`,
    'They stay readable in the target; rolling back the data sets them aside.',
    true,
  );
}
