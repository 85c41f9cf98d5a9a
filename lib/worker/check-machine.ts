import { saveMachine } from '@/db/queries/worker/save-machine';
import type { SystemEntry } from '@/lib/fleet/schema';
import { readMachine } from '@/lib/services/read-machine';
import type { MachineReading } from '@/lib/shared/machine-reading';
import { askChild } from './ask-child';
import { every } from './every';
import { listenForWake } from './listen-for-wake';
import type { WorkerEnv } from './worker-env';

const everyMs = 5 * 60_000;

/** What this machine has, with every DSN of the fleet connected to by a process of its own: a driver that hangs or dies
 *  takes nothing along, and the DSN goes there over IPC. */
export function readThisMachine(
  worker: Pick<WorkerEnv, 'home' | 'childPath' | 'secrets'>,
  systems: SystemEntry[],
): Promise<MachineReading> {
  const binDir = process.env.PG_BIN_DIR;
  return readMachine({
    home: worker.home,
    systems,
    isSet: (name) => Boolean(worker.secrets()[name]),
    binDir,
    readTarget: ({ name, makesSchemas }) =>
      askChild(
        worker.childPath,
        { type: 'read-target', question: { name, makesSchemas, binDir, dsn: worker.secrets()[name] ?? '' } },
        (message) => (message.type === 'target-read' ? message.value : undefined),
      ),
  });
}

/** Reads this machine at once, every five minutes and whenever a person presses *Check again*. @returns stop */
export function checkMachine(worker: WorkerEnv, url: string, systems: () => SystemEntry[]): () => void {
  let busy = false;
  let again = false;
  const check = async (): Promise<void> => {
    again = true;
    if (busy) return;
    busy = true;
    try {
      while (again) {
        again = false;
        await saveMachine(worker.db, worker.id, await readThisMachine(worker, systems()));
      }
    } finally {
      busy = false;
    }
  };
  const stopTurns = every(everyMs, 'the system check', check);
  const stopListening = listenForWake(url, 'machine_check', () => {
    check().catch(() => undefined);
  });
  return () => {
    stopTurns();
    void stopListening();
  };
}
