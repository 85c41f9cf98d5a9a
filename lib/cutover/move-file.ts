import { z } from 'zod';
import { saveStoredProfile } from '@/db/queries/stored-profile/save-stored-profile';
import { findOpenCutover } from '@/db/queries/cutover/find-open-cutover';
import { appendAudit } from '@/lib/audit/append';
import { CutoverError } from '@/lib/errors';
import type { LoadedFleet } from '@/lib/fleet/load';
import { filesSystem, profileEntry } from '@/lib/fleet/schema';
import { withStored } from '@/lib/fleet/stored';
import { readNow } from '@/db/queries/views/read-now';
import { listStoredProfiles } from '@/db/queries/stored-profile/list-stored-profiles';
import type { Json } from '@/lib/shared/json';
import type { VerbContext } from './context';
import { fleetNow } from './fleet-now';
import type { FoundFile } from '@/lib/sources/find-files';
import { movableFiles, movableTargets, moveRunbook, ownerOf, schemaTrouble, sourceIdFor } from './move-choices';
import { insertPlanned } from './plan-cutover';
import { pressOnce } from './press';
import { requireRole } from './who-may';

const Input = z.object({ key: z.string().optional(), fileId: z.string(), dsnName: z.string(), schema: z.string() });

/** Makes a chosen file a profile of the system `files` and plans its cutover. The file comes from the server's own list,
 *  read again here; nothing outside the control plane is touched.
 *  @throws CutoverError source_missing | source_forbidden | dsn_missing | schema_name_invalid | cutover_open_already */
export async function moveFile({
  ctx,
  input,
}: {
  ctx: VerbContext;
  input: z.input<typeof Input>;
}): Promise<{ cutoverId: string }> {
  const role = requireRole(ctx, 'move-file');
  const { key, fileId, dsnName, schema } = Input.parse(input);
  const fleet = await fleetNow(ctx.db);
  const { path: file, kind } = await chosenFile(fleet, fileId);
  refuseTarget(fleet, { dsnName, schema, file });
  const loaded = fleet.runbook(moveRunbook);
  const sourceId = sourceIdFor(fleet, file);
  const entry = profileEntry.parse({
    source_id: sourceId,
    source: { kind, path: file },
    target: { dsn_env: dsnName, schema },
    runbook: moveRunbook,
  });
  const lead = Math.max(0, ...loaded.runbook.phases.map(({ at_seconds }) => -at_seconds));
  return pressOnce(ctx, 'move-file', key, async (tx) => {
    // An open cutover has its entry pinned; its profile is not changed under it.
    if (!(await findOpenCutover(tx, filesSystem, sourceId))) {
      const json = JSON.parse(JSON.stringify(entry)) as Json;
      await saveStoredProfile(tx, { system: filesSystem, sourceId, entry: json, addedBy: ctx.actor.id });
      await appendAudit(tx, {
        actor: ctx.actor.id,
        role,
        act: 'add-file',
        system: filesSystem,
        sourceId,
        summary: `Chose ${file} for schema ${schema} of ${dsnName}`,
        what: { entry: json },
      });
    }
    const found = withStored(fleet, await listStoredProfiles(tx)).find(filesSystem, sourceId);
    const t0 = new Date((await readNow(tx)).getTime() + lead * 1000);
    return insertPlanned(tx, { ctx, role, found, loaded, kind: 'live', t0 });
  });
}

async function chosenFile(fleet: LoadedFleet, fileId: string): Promise<FoundFile> {
  const { files } = await movableFiles(fleet);
  const found = files.find(({ id }) => id === fileId);
  if (!found)
    throw new CutoverError({
      code: 'source_missing',
      message: 'The chosen file is not among the files under the allowed roots any more.',
      advice: 'Choose again from the list; allowed_roots of the fleet file says which folders it shows.',
    });
  const file = found.path;
  const owner = ownerOf(fleet, file);
  if (owner)
    throw new CutoverError({
      code: 'source_forbidden',
      message: `${file} is not free to be moved by itself; a service may be writing to it. ${owner.words}.`,
      advice: 'Plan a cutover of that profile: its runbook knows what moves and how to hold the service.',
    });
  return found;
}

function refuseTarget(fleet: LoadedFleet, choice: { dsnName: string; schema: string; file: string }): void {
  if (!movableTargets(fleet).includes(choice.dsnName))
    throw new CutoverError({
      code: 'dsn_missing',
      message: `${choice.dsnName} is no DSN that the fleet file names.`,
      advice: 'Choose one of the list, or add its name under targets in the fleet file.',
    });
  const trouble = schemaTrouble(fleet, choice);
  if (trouble)
    throw new CutoverError({
      code: 'schema_name_invalid',
      message: trouble,
      advice: 'Choose another schema name; nothing was changed.',
    });
}
