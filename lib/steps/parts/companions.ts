import path from 'node:path';
import { CutoverError } from '@/lib/errors';
import type { CheckpointResult, PlanLine } from '@/lib/shared/evidence';
import { formatBytes, formatCount } from '@/lib/shared/format';
import { type CompanionFile, copyCompanion, digestBytes } from '@/lib/sources/companion-file';
import { checkAllowedFile } from '@/lib/sources/sqlite-file';
import type { StepContext } from '@/lib/steps/step';
import { prove } from './checkpoint';

/** One copied companion file, as a fact of the snapshot. */
export type CompanionCopied = { name: string; path: string; from: string; bytes: number; sha256: string };

/** A companion file of the source by its name in the fleet file. @throws CutoverError fleet_invalid */
export function companionOf(ctx: StepContext, name: string): CompanionFile {
  const { companions = {} } = ctx.profile.source;
  const file = Object.hasOwn(companions, name) ? companions[name] : undefined;
  if (file) return { path: file, allowedRoots: ctx.allowedRoots };
  throw new CutoverError({
    code: 'fleet_invalid',
    message: `Step ${ctx.step.id} names the companion file ${name}, which profile ${ctx.profile.source_id} does not have.`,
    advice: `Name it under source.companions in the fleet file; there are: ${Object.keys(companions).join(', ') || 'none'}.`,
  });
}

const folderOf = (copy: string): string => `${copy}.companions`;

export const companionLines = (ctx: StepContext, names: readonly string[], copy: string): PlanLine[] =>
  names.map((name) => ({
    type: 'file',
    on: 'source',
    effect: 'read',
    does: `Copies ${name} byte for byte; what is appended meanwhile is not part of the copy.`,
    text: `${companionOf(ctx, name).path}\n${path.join(folderOf(copy), name)}`,
    undo: 'the copy is removed with its retention',
  }));

/** Copies the named companion files beside the copy of the source. @throws CutoverError source_* */
export function copyCompanions(ctx: StepContext, names: readonly string[], copy: string): CompanionCopied[] {
  return names.map((name) => {
    ctx.throwIfEnded();
    const file = companionOf(ctx, name);
    const to = path.join(folderOf(copy), name);
    const { bytes, sha256, tries } = copyCompanion(file, to);
    ctx.log('info', `Copied ${name}: ${formatBytes(bytes)}${tries > 1 ? `, at the ${tries}. try` : ''} to ${to}`);
    return { name, path: to, from: file.path, bytes, sha256 };
  });
}

/** Reads each copy again, and says where the live file stands to it. */
export const companionProofs = (ctx: StepContext, copied: readonly CompanionCopied[]): Promise<CheckpointResult[]> =>
  Promise.all(
    copied.map((one) =>
      prove(`companion-${one.name}`, `The copy of ${one.name} is byte for byte what was read`, () => {
        const copy = digestBytes(one.path);
        return {
          holds: copy.sha256 === one.sha256 && copy.bytes === one.bytes,
          summary: `${formatCount(copy.bytes)} bytes; ${liveWords(ctx, one)}`,
          digests: [
            { of: `${one.name} as read`, sha256: one.sha256 },
            { of: `${one.name} in the copy`, sha256: copy.sha256 },
          ],
        };
      }),
    ),
  );

function liveWords(ctx: StepContext, { name, bytes, sha256 }: CompanionCopied): string {
  const file = companionOf(ctx, name);
  const { size } = checkAllowedFile(file);
  if (digestBytes(file.path, bytes).sha256 !== sha256) return 'the live file is another one now';
  return size === bytes ? 'the live file is the same now' : `the live file has ${formatCount(size - bytes)} bytes more`;
}
