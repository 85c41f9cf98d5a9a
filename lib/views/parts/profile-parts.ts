import type { CutoverLine } from '@/db/queries/views/list-cutovers';
import type { listSnapshots } from '@/db/queries/views/list-snapshots';
import type { ProfileStateRow } from '@/db/queries/views/read-profile-states';
import { keptUntil } from '@/lib/cutover/kept-until';
import type { FoundProfile } from '@/lib/fleet/load';
import type { Runbook } from '@/lib/fleet/runbook-schema';
import { parsedRunbook } from '@/lib/cutover/load-cutover';
import { walkRunbook } from '@/lib/cutover/walk-runbook';
import { secretsOfProfile, secretsOfService } from '@/lib/fleet/secret-names';
import { surfacesOf } from '@/lib/fleet/surfaces';
import type { MachineReading } from '@/lib/shared/machine-reading';
import type { Json } from '@/lib/shared/json';
import { capital } from '@/lib/shared/words';
import type { ProfileDto } from '@/lib/views/dto';
import { stepTitle } from '@/lib/views/words/step-title';
import { inPlaceName, pressWords } from '@/lib/views/words/in-place';

const isObject = (value: Json | undefined): value is { [key: string]: Json } =>
  !!value && typeof value === 'object' && !Array.isArray(value);
const text = (value: Json | undefined): string | null => (typeof value === 'string' ? value : null);
const number = (value: Json | undefined): number | null => (typeof value === 'number' ? value : null);

/** What each instance answered; the service's own URL when nothing was read yet. */
export function toInstances(state: ProfileStateRow | null, { service }: FoundProfile): ProfileDto['instances'] {
  const read = Array.isArray(state?.instances) ? state.instances.filter(isObject) : [];
  if (read.length === 0)
    return (service?.instances ?? []).map((url) => ({
      url,
      observed: null,
      answered: false,
      latencyMs: null,
      error: 'Not read yet.',
    }));
  return read.map((one) => ({
    url: text(one.url) ?? '',
    observed: text(one.observed),
    answered: number(one.status) !== null,
    latencyMs: number(one.latencyMs),
    error: text(one.error),
  }));
}

/** Rows of the registry that name this profile or its schema, as the worker last read them. */
export function toRegistry(state: ProfileStateRow | null): ProfileDto['registry'] {
  const rows = Array.isArray(state?.registry)
    ? state.registry
    : isObject(state?.registry ?? undefined)
      ? [state?.registry ?? null]
      : [];
  return rows.filter(isObject).map((row) => ({
    sourceId: text(row.sourceId) ?? text(row.source_id) ?? '',
    schema: text(row.schema) ?? text(row.schema_name) ?? '',
    createdAt: text(row.createdAt) ?? text(row.created_at),
    valid: typeof row.valid === 'boolean' ? row.valid : null,
    problem: text(row.problem),
  }));
}

/** By the runbook as its cutover pinned it. */
function titleIn(pinned: Json, stepId: string): string {
  const place = walkRunbook(parsedRunbook(pinned)).find(({ step }) => step.id === stepId);
  return place ? stepTitle(place) : stepId;
}

export const toSnapshot = (row: Awaited<ReturnType<typeof listSnapshots>>[number]): ProfileDto['snapshots'][number] => {
  const rows = isObject(row.manifest) ? (row.manifest.rows ?? null) : null;
  return {
    id: row.id,
    kind: row.kind,
    takenAt: row.takenAt.toISOString(),
    verifiedAt: row.verifiedAt?.toISOString() ?? null,
    bytes: row.bytes.toString(),
    digest: row.digest,
    path: row.path,
    cutoverId: row.cutoverId,
    step: titleIn(row.runbook, row.stepId),
    cutoverAt: row.createdAt.toISOString(),
    rows: typeof rows === 'number' || typeof rows === 'string' ? String(rows) : null,
    keptUntil: keptUntil(row)?.toISOString() ?? null,
    deletedAt: row.deletedAt?.toISOString() ?? null,
  };
};

/** Cutovers as marks on the chart. */
export function toMarks(lines: CutoverLine[], runbook: Runbook): ProfileDto['chart']['marks'] {
  const inPlace = inPlaceName(runbook) !== null;
  const there = `${capital(pressWords(runbook).done)}${inPlace ? '' : ` to ${runbook.to}`}`;
  const back = `Rolled back${inPlace ? '' : ` to ${runbook.from}`}`;
  return lines
    .flatMap(({ switchedAt, rolledBackAt }) => [
      ...(switchedAt ? [{ at: switchedAt.toISOString(), text: there }] : []),
      ...(rolledBackAt ? [{ at: rolledBackAt.toISOString(), text: back }] : []),
    ])
    .sort((a, b) => a.at.localeCompare(b.at));
}

/** What the env file says of each backend, as last read: variable → value. */
function declaredValues(service: FoundProfile['service'], state: ProfileStateRow | null): Map<string, string | null> {
  if (!service) return new Map();
  const read = state?.surfaces.surfaces ?? [];
  return new Map(
    surfacesOf(service).map(({ name, variable }) => [
      variable,
      name === null ? (state?.declared ?? null) : (read.find((one) => one.name === name)?.declared ?? null),
    ]),
  );
}

/** Names only: what the console may write in the env file, and which secrets a worker has. Values of secrets never leave it. */
export function toConfiguration(
  { service, profile }: FoundProfile,
  machines: MachineReading[],
  state: ProfileStateRow | null,
): ProfileDto['configuration'] {
  const secrets = new Set([...secretsOfProfile(profile), ...(service ? secretsOfService(service) : [])]);
  const isSet = (name: string) =>
    machines.some(({ secrets: held }) => held?.some((one) => one.name === name && one.set));
  const switched = declaredValues(service, state);
  return [
    ...(service?.env_allow ?? []).map((name) => ({
      name,
      where: 'env file' as const,
      set: switched.has(name) ? (switched.get(name) ?? null) !== null : true,
      mayWrite: true,
      value: switched.get(name) ?? null,
    })),
    ...[...secrets].map((name) => ({ name, where: 'secret' as const, set: isSet(name), mayWrite: false, value: null })),
  ];
}
