import { z } from 'zod';
import { commandExport, commandParams } from './parts/export-command';
import { filesExport, filesParams } from './parts/export-files';
import type { MachineStep } from './step';

const params = z.union([filesParams, commandParams]);
type Params = z.infer<typeof params>;

export const step = {
  kind: 'export',
  title: 'Export',
  why: 'A copy in files: checksummed batches under a manifest, or the system’s own exchange format.',
  params,
  plan: (ctx, given) => (given.to === 'files' ? filesExport.plan(ctx, given) : commandExport.plan(ctx, given)),
  run: (ctx, given) => (given.to === 'files' ? filesExport.run(ctx, given) : commandExport.run(ctx, given)),
  check: (ctx, given) => (given.to === 'files' ? filesExport.check(ctx) : commandExport.check(ctx, given)),
  undo: 'nothing-to-undo',
} satisfies MachineStep<Params>;
