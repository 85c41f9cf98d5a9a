import { withTarget } from '@/lib/dataplane';
import { textRows } from '@/lib/dataplane/connect-target';
import { callService } from '@/lib/services/http';
import type { Json } from '@/lib/shared/json';
import { type DemoFleet, openDemoFleet } from './demo-fleet';
import { openWalk, type Walk } from './walk-context';

/** Steps of the restoring sequence and of its way back, the same in every runbook that restores a runtime of Oris. */
export const restoring = [
  'quiesce',
  'stop',
  'quiet-backup',
  'restore',
  'validate',
  'start',
  'verify-mode',
  'served',
  'canary',
  'thaw',
];
export const rollback = [
  'rollback-freeze',
  'rollback-stop',
  'rollback-restore',
  'rollback-validate',
  'rollback-start',
  'rollback-verify',
  'rollback-thaw',
];

export type OrisStage = {
  demo: DemoFleet;
  walkOf(sourceId: string, runbook: string, cutoverId: string): Walk;
  /** A caller queues a job of runtime main. */
  run(thread: string): Promise<{ status: number }>;
  /** Rows of a query, each as one text. */
  ask(sql: string): Promise<string[]>;
  /** Jobs of main whose thread begins so. */
  threads(prefix: string): Promise<string[]>;
  /** Schemas that a restore has set aside. */
  asides(): Promise<string[]>;
};

/** Runtimes of Oris on PostgreSQL, main among them. */
export async function openOris(only: string[]): Promise<OrisStage> {
  const demo = await openDemoFleet(only, ['oris']);
  const walkOf: OrisStage['walkOf'] = (sourceId, runbook, cutoverId) =>
    openWalk({ ...demo, system: 'oris', sourceId, runbook, cutoverId });
  const { service } = walkOf('main', 'oris-rehearsal', 'stage').fleet.find('oris', 'main');
  const ask: OrisStage['ask'] = (sql) =>
    withTarget(demo.secret('ORIS_POSTGRES_DSN'), async (client) =>
      (await textRows<Record<string, string>>(client, sql)).map((row) => Object.values(row).join(' ')),
    );
  return {
    demo,
    walkOf,
    ask,
    run: (thread) =>
      callService(service?.instances[0] ?? '', {
        method: 'POST',
        path: '/v1/jobs/run',
        headers: {},
        json: { thread_id: thread, idempotency_key: thread },
      }),
    threads: (prefix) =>
      ask(`select run_id from oris_runtime.runtime_attempts where run_id like '${prefix}%' order by 1`),
    asides: () => ask("select nspname from pg_namespace where nspname like 'cutover_aside_%'"),
  };
}

/** What a rehearsal left on record, as other cutovers of the profile find it. */
export const recordsOf = ({ facts }: Walk): Map<string, Json> =>
  new Map([...facts].filter(([key]) => key.startsWith('again.record')));
