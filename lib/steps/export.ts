import { z } from 'zod';
import { commandExport, commandParams } from './parts/export-command';
import { filesExport, filesParams } from './parts/export-files';
import { folderExport, folderParams } from './parts/export-folder';
import type { MachineStep } from './step';

const params = z.union([filesParams, folderParams, commandParams]);
type Params = z.infer<typeof params>;

export const step = {
  kind: 'export',
  title: 'Export',
  why: 'A copy in files: checksummed batches under a manifest, or the system’s own exchange format.',
  params,
  plan(ctx, given) {
    if (given.to === 'files') return filesExport.plan(ctx, given);
    return given.to === 'folder' ? folderExport.plan(ctx, given) : commandExport.plan(ctx, given);
  },
  run(ctx, given) {
    if (given.to === 'files') return filesExport.run(ctx, given);
    return given.to === 'folder' ? folderExport.run(ctx, given) : commandExport.run(ctx, given);
  },
  check(ctx, given) {
    if (given.to === 'files') return filesExport.check(ctx);
    return given.to === 'folder' ? folderExport.check(ctx, given) : commandExport.check(ctx, given);
  },
  undo: 'nothing-to-undo',
} satisfies MachineStep<Params>;
