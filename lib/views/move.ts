import path from 'node:path';
import { listOpenCutovers } from '@/db/queries/views/list-cutovers';
import { readNow } from '@/db/queries/views/read-now';
import { readWorkers } from '@/db/queries/views/read-workers';
import type { SessionContext } from '@/lib/auth/actor';
import { fleetNow } from '@/lib/cutover/fleet-now';
import {
  movableFiles,
  movableTargets,
  moveRunbook,
  ownerKey,
  ownerOf,
  schemaTrouble,
} from '@/lib/cutover/move-choices';
import { mayAct } from '@/lib/cutover/who-may';
import type { LoadedFleet } from '@/lib/fleet/load';
import { filesSystem } from '@/lib/fleet/schema';
import { sourceFiles } from '@/lib/fleet/source-files';
import { routes } from '@/lib/shared/routes';
import { countTables } from '@/lib/sources/count-tables';
import { jsonTrouble, sqliteTrouble } from '@/lib/sources/file-trouble';
import type { MoveChoiceDto, MoveFileDto } from './dto';
import { stepTitle } from './words/step-title';

/** What may be moved, and where to. @throws CutoverError fleet_invalid */
export async function buildMove({ db, actor }: SessionContext): Promise<MoveFileDto> {
  const now = await readNow(db);
  const fleet = await fleetNow(db);
  const { files, total, cut } = await movableFiles(fleet);
  const open = (await listOpenCutovers(db)).filter(({ system }) => system === filesSystem);
  const known = fleet.systems.find(({ name }) => name === filesSystem)?.profiles ?? [];
  const machines = (await readWorkers(db)).map(({ machine }) => machine);
  return {
    now: now.toISOString(),
    canPlan: mayAct('move-file', actor),
    // What can be chosen stands first.
    files: files
      .map(({ path: file, ...one }) => ({
        ...one,
        ...blockOf(
          fleet,
          file,
          open.find(({ sourceId }) =>
            known.some((profile) => profile.source_id === sourceId && sourceFiles(profile.source).includes(file)),
          ),
        ),
      }))
      .sort((one, other) => Number(one.blockedBy !== null) - Number(other.blockedBy !== null)),
    total,
    cut,
    roots: fleet.file.allowed_roots,
    targets: movableTargets(fleet).map((name) => ({ name, ...targetWords(name, machines) })),
    runbook: shownRunbook(fleet),
  };
}

type Block = Pick<MoveFileDto['files'][number], 'blockedBy' | 'links'>;

function blockOf(fleet: LoadedFleet, file: string, open: { id: string; state: string } | undefined): Block {
  const owner = ownerOf(fleet, file);
  if (owner)
    return {
      blockedBy: owner.words,
      links: owner.owners.map((one) => ({
        text: ownerKey(one),
        href: routes.profile(one.system, one.profile.source_id),
      })),
    };
  if (!open) return { blockedBy: null, links: [] };
  const state = open.state.replace('_', ' ');
  return { blockedBy: `Has a cutover: ${state}`, links: [{ text: state, href: routes.cutover(open.id) }] };
}

type Machine = Awaited<ReturnType<typeof readWorkers>>[number]['machine'];

/** What the workers found behind a DSN's name; the web itself holds no secret. */
function targetWords(name: string, machines: Machine[]): { set: boolean | null; detail: string } {
  const target = machines.flatMap(({ targets }) => targets ?? []).find((one) => one.name === name);
  if (target?.server) {
    const { version, database, role } = target.server;
    return { set: true, detail: `PostgreSQL ${version}, database ${database}, role ${role}` };
  }
  if (target?.error) return { set: true, detail: target.error.message };
  const held = machines.flatMap(({ secrets }) => secrets ?? []).filter((one) => one.name === name);
  if (!held.length) return { set: null, detail: 'No worker has looked for it yet; the preflight proves it.' };
  return held.some(({ set }) => set)
    ? { set: true, detail: 'Set; the preflight proves where it leads.' }
    : { set: false, detail: 'Has no value in the secrets file.' };
}

function shownRunbook(fleet: LoadedFleet): MoveFileDto['runbook'] {
  if (!fleet.runbookNames().includes(moveRunbook)) return null;
  const { runbook } = fleet.runbook(moveRunbook);
  return {
    name: moveRunbook,
    title: runbook.title,
    summary: runbook.summary,
    steps: runbook.phases.flatMap(({ steps }) => steps.map((step) => stepTitle({ step }))),
  };
}

/** One file, DSN and schema name: what is known without connecting. */
export async function buildMoveChoice(
  { db }: SessionContext,
  { fileId, dsnName, schema }: { fileId: string; dsnName?: string | undefined; schema?: string | undefined },
): Promise<MoveChoiceDto> {
  const fleet = await fleetNow(db);
  const found = (await movableFiles(fleet)).files.find(({ id }) => id === fileId);
  if (!found) return { tables: null, suggestedSchema: '', trouble: null, schema: null };
  const { path: file, kind } = found;
  const taken = schema && dsnName ? schemaTrouble(fleet, { schema, dsnName, file }) : null;
  return {
    tables: kind === 'sqlite-file' ? await countTables(file) : null,
    suggestedSchema: suggestSchema(file),
    trouble: kind === 'sqlite-file' ? await sqliteTrouble(file) : await jsonTrouble(file),
    schema:
      schema && dsnName
        ? {
            usable: taken === null,
            text:
              taken ??
              'No profile has it. Whether the database does is proven by the preflight, before anything is made.',
          }
        : null,
  };
}

/** A plain name: lower case letters, digits and underscores, no longer than PostgreSQL takes. */
function suggestSchema(file: string): string {
  const plain = path
    .basename(file)
    .replace(/\.(db|db3|sqlite|sqlite3|s3db|json|ndjson|jsonl)$/i, '')
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .slice(0, 60);
  return /^[a-z]/.test(plain) && !plain.startsWith('pg_') && plain !== 'public' ? plain : `file_${plain || 'moved'}`;
}
