import { capital, countWords } from '@/lib/shared/words';

/** Where in the target what users wrote there is, once a rollback has left it behind. */
export type LostPlace = {
  schema: string;
  /** Set aside by a restore; else the schema that users wrote to stands as it is. */
  aside: boolean;
  /** All rows of that schema, as the copy of it that was taken first counted them; null: not counted. */
  rows: bigint | null;
  /** Days after the end of the cutover for which the copy is kept that was taken before it was set aside; null: no copy. */
  copyDays: number | null;
};

const until = 'until a later cutover of this profile closes';

/** Of a press that is still to come: the schema gets its name with it. */
export const willStandAside = `It goes into a schema of its own, cutover_aside_…, ${until}. Abandon leaves it there.`;

/** "schema cutover_aside_… of the target, 206,855 rows, until a later cutover of this profile closes": behind "It is in". */
export function lostPlaceWords({ schema, aside, rows }: LostPlace): string {
  if (!aside) return `schema ${schema} of the target, until somebody moves it or drops the schema`;
  return `schema ${schema} of the target, ${rows === null ? 'rows not counted' : countWords(rows, 'row')}, ${until}`;
}

/** What the source does not hold, and where it is, in whole sentences. */
export const notInSourceWords = (lost: LostPlace, from: string): string =>
  `${from} does not hold what users wrote to the target. It is in ${lostPlaceWords(lost)}.${copyWords(lost)}`;

/** @param said "118" or "at least 118"; "not counted" where nobody could count them */
export function leftWords(said: string, count: bigint | null, from: string, lost: LostPlace): string {
  const where = `schema ${lost.schema} of the target`;
  if (said === 'not counted')
    return `Rows written after the switch were not counted; what is not on ${from} lies in ${where}.`;
  const [rows, are, they, lie] = count === 1n ? ['row', 'is', 'it', 'lies'] : ['rows', 'are', 'they', 'lie'];
  return `${capital(said)} ${rows} written after the switch ${are} not on ${from}; ${they} ${lie} in ${where}.`;
}

/** For whoever plans the next cutover of the profile, in one line. The moment is in UTC. */
export const leftAsideWords = (lost: LostPlace, rolledBackAt: Date): string =>
  `What users wrote to the target before the rollback of ${rolledBackAt.toISOString()} is not in the source. It is in ${lostPlaceWords(lost)}.${lost.copyDays === null ? '' : ' A copy of it is among the Snapshots of the profile.'}`;

/** Nothing where no copy was taken. */
export const copyWords = ({ copyDays }: LostPlace): string =>
  copyDays === null
    ? ''
    : ` A copy of it is among the Snapshots of the profile, until ${countWords(copyDays, 'day')} after the end of this cutover.`;
