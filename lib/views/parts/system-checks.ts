import { statfs } from 'node:fs/promises';
import type { ControlServer } from '@/db/queries/views/read-server';
import type { WorkerRow } from '@/db/queries/views/read-workers';
import { secretsOfProfile, secretsOfService } from '@/lib/fleet/secret-names';
import { formatBytes } from '@/lib/shared/format';
import type { TargetReading } from '@/lib/shared/machine-reading';
import { workerDeadMs } from '@/lib/shared/worker-times';
import { ageWords } from '@/lib/views/words/times';
import { countWords, listWords } from '@/lib/shared/words';
import { type Check, checkLine } from './check-line';
import type { FleetRead } from './read-fleet-file';

const lowBytes = 2_000_000_000n;
const oldestMajor = 13;

export function serverCheck({ version, versionNumber, database, bytes }: ControlServer): Check {
  const old = versionNumber < oldestMajor * 10_000;
  return checkLine(
    'Control plane',
    old ? 'failed' : 'passed',
    `PostgreSQL ${version}, database ${database}, ${formatBytes(bytes)}`,
    old ? `Use PostgreSQL ${oldestMajor} or newer.` : null,
  );
}

export function workerChecks(workers: WorkerRow[]): Check[] {
  const alive = workers.filter(({ beatAgeMs }) => beatAgeMs < workerDeadMs);
  const silent = workers.filter(({ beatAgeMs }) => beatAgeMs >= workerDeadMs);
  if (alive.length === 0) {
    const last = silent.length
      ? ` The last beat is ${ageWords(Math.min(...silent.map(({ beatAgeMs }) => beatAgeMs)))} old.`
      : '';
    return [
      checkLine(
        'Worker',
        'failed',
        `None answers.${last}`,
        'Start the console again; nothing is lost, attempts go on when a worker returns.',
      ),
    ];
  }
  return [
    checkLine('Worker', 'passed', `${listWords(alive.map(({ name, host }) => `${name} on ${host}`))}`),
    ...alive.flatMap((worker) =>
      (worker.machine.tools ?? []).map((tool) =>
        checkLine(
          `${tool.name} of ${worker.name}`,
          tool.problem ? 'failed' : 'passed',
          tool.problem ?? tool.version ?? '',
          tool.problem ? 'Install the PostgreSQL client tools or set PG_BIN_DIR.' : null,
        ),
      ),
    ),
    ...alive.flatMap(({ name, machine }) =>
      machine.accelerator === undefined ? [] : [acceleratorOf(name, machine.accelerator)],
    ),
    ...alive.flatMap(({ name, machine }) =>
      machine.freeBytes === undefined ? [] : [diskOf(`Disk of ${name}`, BigInt(machine.freeBytes))],
    ),
  ];
}

/** Never needed, so never a failure. */
const acceleratorOf = (worker: string, problem: string): Check =>
  checkLine(
    `Accelerator of ${worker}`,
    'passed',
    problem
      ? `Not used: ${problem}. Rows are encoded in TypeScript, which takes about twice as long.`
      : 'Rows are encoded inside SQLite.',
  );

const diskOf = (name: string, free: bigint): Check =>
  checkLine(
    name,
    free < lowBytes ? 'failed' : 'passed',
    `${formatBytes(free)} free`,
    free < lowBytes ? 'Make room: snapshots and exports are kept there.' : null,
  );

export async function diskCheck(folder: string | undefined): Promise<Check> {
  if (!folder)
    return checkLine('Data folder', 'unknown', 'CUTOVER_HOME is not set.', 'Start through npm start or npm run demo.');
  try {
    const { bavail, bsize } = await statfs(folder);
    return diskOf('Data folder', BigInt(bavail) * BigInt(bsize));
  } catch (thrown) {
    return checkLine(
      'Data folder',
      'unknown',
      thrown instanceof Error ? thrown.message : String(thrown),
      'Check that the folder exists and may be entered.',
    );
  }
}

export function fleetCheck({ fleet, fileError }: FleetRead): Check {
  if (fileError)
    return { ...checkLine('Fleet file', 'failed', fileError.message, fileError.advice), code: fileError.code };
  const profiles = fleet?.systems.flatMap((system) => system.profiles).length ?? 0;
  return checkLine(
    'Fleet file',
    'passed',
    `${fleet?.path ?? ''}, ${countWords(fleet?.systems.length ?? 0, 'system')}, ${countWords(profiles, 'profile')}`,
  );
}

/** When all living workers had looked at their machines; null where one has not, or none lives. */
export function checkedAt(workers: WorkerRow[]): string | null {
  const looks = workers.filter(({ beatAgeMs }) => beatAgeMs < workerDeadMs).map(({ machine }) => machine.at ?? null);
  return looks.includes(null) ? null : ((looks as string[]).sort()[0] ?? null);
}

/** Every secret the fleet names, as the workers see it: set or missing, never a value. */
export function secretChecks({ fleet }: FleetRead, workers: WorkerRow[]): Check[] {
  const wanted = new Set(
    fleet?.systems.flatMap((system) => [
      ...system.profiles.flatMap(secretsOfProfile),
      ...system.services.flatMap(secretsOfService),
    ]),
  );
  const readings = workers
    .filter(({ beatAgeMs }) => beatAgeMs < workerDeadMs)
    .flatMap(({ machine }) => (machine.secrets ? [machine.secrets] : []));
  return [...wanted].sort().map((name) => ({ ...secretCheck(name, readings), kind: 'secret' }));
}

function secretCheck(name: string, readings: NonNullable<WorkerRow['machine']['secrets']>[]): Check {
  if (readings.length === 0) return checkLine(`Secret ${name}`, 'unknown', 'No worker has said.', null);
  const missing = readings.filter((secrets) => !secrets.some((one) => one.name === name && one.set)).length;
  return missing
    ? checkLine(
        `Secret ${name}`,
        'failed',
        'missing',
        `Add ${name}=… to the file named by CUTOVER_SECRETS, then check again.`,
      )
    : checkLine(`Secret ${name}`, 'passed', 'set');
}

/** Every DSN of the fleet, as each living worker found it by connecting. A DSN that nobody could try has a line of its own among the secrets. */
export function targetChecks(workers: WorkerRow[]): Check[] {
  const alive = workers.filter(({ beatAgeMs, machine }) => beatAgeMs < workerDeadMs && machine.targets);
  return alive.flatMap(({ name, machine }) =>
    (machine.targets ?? []).map((target) => ({
      ...targetCheck(target),
      kind: 'target' as const,
      name: alive.length > 1 ? `Target ${target.name} from ${name}` : `Target ${target.name}`,
      at: target.at,
    })),
  );
}

function targetCheck({ name, error, server, probes, tools }: TargetReading): Check {
  const problems = [
    ...(error ? [error] : []),
    ...probes.flatMap(({ problem }) => (problem ? [problem] : [])),
    ...(tools?.error ? [tools.error] : []),
  ];
  const [first] = problems;
  if (first)
    return {
      ...checkLine(name, 'failed', problems.map(({ message }) => message).join(' '), first.advice),
      code: first.code,
    };
  if (!server) return checkLine(name, 'unknown', 'Not connected to yet.');
  const rights = probes.some(({ what }) => what.includes('creates'))
    ? `role ${server.role} makes schemas`
    : `role ${server.role}`;
  return checkLine(
    name,
    'passed',
    `PostgreSQL ${server.version}, database ${server.database}, ${rights}, ${server.encoding}, no transaction pooler; pg_dump ${tools?.version ?? ''} can dump it`,
  );
}

export function addressCheck(url: URL): Check {
  const plain = url.protocol !== 'https:' && url.hostname !== 'localhost' && !url.hostname.startsWith('127.');
  return checkLine(
    'Address',
    plain ? 'failed' : 'passed',
    url.origin,
    plain ? 'Serve it over https: passwords and cookies travel in the clear.' : null,
  );
}
