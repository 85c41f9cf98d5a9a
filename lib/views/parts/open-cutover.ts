import { readCheckpointSummaries } from '@/db/queries/views/read-checkpoint-summaries';
import { readLastFreeze } from '@/db/queries/views/read-last-freeze';
import { readPeople } from '@/db/queries/views/read-people';
import { type Elsewhere, readElsewhere } from '@/db/queries/views/read-elsewhere';
import { readGoneWorkers } from '@/db/queries/views/read-gone-workers';
import { readWorkers } from '@/db/queries/views/read-workers';
import { parseRoles, type SessionContext } from '@/lib/auth/actor';
import { asReached } from '@/lib/cutover/as-reached';
import { deriveExits } from '@/lib/cutover/derive-acts';
import { deriveSteps, type DerivedStep } from '@/lib/cutover/derive-steps';
import { loadCutover } from '@/lib/cutover/load-cutover';
import type { CutoverRows } from '@/lib/cutover/rows';
import type { Role } from '@/lib/shared/statuses';
import type { ActDto, WizardDto } from '@/lib/views/dto';
import type { Trouble } from '@/lib/views/words/trouble';
import { toActDto } from '@/lib/views/words/acts';
import { orderActs } from './act-order';
import { lastingOf } from './lasting';
import { type Freeze, freezeOf } from './freeze';
import { toStalled, workerIdsOf } from './stalled';
import { readTrouble } from './trouble';

export type OpenCutover = {
  rows: CutoverRows;
  steps: DerivedStep[];
  freeze: Freeze;
  people: ReadonlyMap<string, string>;
  rolesById: ReadonlyMap<string, Role[]>;
  workers: ReadonlyMap<string, string>;
  stalled: WizardDto['stalled'];
  /** What the service's newest reading shows to be wrong. */
  trouble: Trouble | null;
  /** The others of a press that covers several profiles. */
  elsewhere: Elsewhere | null;
  /** Checkpoint id → its one line. */
  summaries: ReadonlyMap<string, string>;
  actsOf(step: DerivedStep): ActDto[];
  exits: ActDto[];
  /** Names of those who were asked to sign off. */
  asked: string[];
};

/** One reading of a cutover with everything its pages say. @throws CutoverError cutover_unknown */
export async function openCutover({ db, actor }: SessionContext, cutoverId: string): Promise<OpenCutover> {
  return db.transaction(
    async (tx) => {
      const rows = await loadCutover(tx, cutoverId);
      const steps = asReached(rows, deriveSteps(rows));
      const everybody = await readPeople(tx);
      const workers = await readWorkers(tx);
      const gone = await readGoneWorkers(tx, workerIdsOf(rows));
      const measured = await readLastFreeze(tx, rows.cutover.system, rows.cutover.sourceId, cutoverId);
      const first = steps[0];
      const elsewhere = await readElsewhere(tx, cutoverId, rows.cutover.switchGroup);
      return {
        rows,
        steps,
        freeze: freezeOf(rows, steps, measured),
        people: new Map(everybody.map(({ id, name }) => [id, name])),
        rolesById: new Map(everybody.map(({ id, role }) => [id, parseRoles(role)])),
        workers: new Map([...gone, ...workers].map(({ id, name }) => [id, name])),
        elsewhere,
        trouble: await readTrouble(tx, { rows, steps, elsewhere }),
        stalled: toStalled({ rows, alive: workers, gone }),
        summaries: await readCheckpointSummaries(tx, cutoverId),
        actsOf: (step) =>
          orderActs(
            step,
            step.acts.map((act) => toActDto(act, { rows, actor, step, lasting: lastingOf(rows, step) })),
            lastingOf(rows, step) !== null,
          ),
        asked: rows.cutover.asked.flatMap((id) => everybody.find((person) => person.id === id)?.name ?? []),
        exits: first ? deriveExits(rows, steps).map((act) => toActDto(act, { rows, actor, step: first })) : [],
      };
    },
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  );
}
