import { liveState } from '@/lib/sources/live-state';
import { isScoped } from '@/lib/sources/scope';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { countSource, liveMerged, snapshotSqlite, type TakenFile, verifySnapshot } from '@/lib/dataplane';
import { CutoverError } from '@/lib/errors';
import { formatCount } from '@/lib/shared/format';
import { checkpoint } from './parts/checkpoint';
import { companionLines, type CompanionCopied, companionProofs, copyCompanions } from './parts/companions';
import { filesOf, jsonStoreOf, liveSource, liveSourceInTurns, movedFilesOf, scopeOf } from './parts/places';
import { filesPlan, filesProof, snapshotFiles } from './parts/snapshot-files';
import { snapshotStore, stagedProof, storePlan } from './parts/snapshot-store';
import type { MachineStep, StepContext } from './step';
import { sourceFile } from '@/lib/fleet/source-files';

const params = z.strictObject({
  /** Names of companion files of the source (fleet file), copied byte for byte beside it. */
  with_files: z.array(z.string()).default([]),
  /** Files of a source that has several. (Default: all that are moved) */
  files: z.array(z.string()).min(1).optional(),
  /** load: rows are read from it; proof: it shows afterwards that nothing touched these files. */
  purpose: z.enum(['load', 'proof']).default('load'),
});
type Params = z.infer<typeof params>;
type Taken = {
  path: string;
  sha256: string;
  bytes: string;
  takenAt: string;
  attemptId: string;
  companions?: CompanionCopied[];
  /** Copies of the files that it was made from. */
  parts?: TakenFile[];
};

const fileOf = (ctx: StepContext, attempt: string): string =>
  path.join(ctx.snapshotDir, `${ctx.step.id}-${attempt}.sqlite`);
const locationOf = (ctx: StepContext, file: string) => ({
  path: file,
  allowedRoots: [...ctx.allowedRoots, ctx.snapshotDir],
});

export const step = {
  kind: 'snapshot-source',
  title: 'Snapshot the source',
  why: 'A verified copy of the source, to load from and to go back to.',
  params,
  async plan(ctx, { with_files: names, files }) {
    const store = jsonStoreOf(ctx);
    const several = filesOf(ctx, files);
    const companions = companionLines(ctx, names, fileOf(ctx, '<attempt>'));
    if (store) return { lines: [...storePlan(store, fileOf(ctx, '<attempt>')), ...companions] };
    if (several) return { lines: [...filesPlan(several, fileOf(ctx, '<attempt>')), ...companions] };
    return {
      lines: [
        {
          type: 'file',
          on: 'source',
          effect: 'read',
          does: 'Copies the live SQLite file through the backup API; the service keeps writing.',
          text: sourceFile(ctx.profile.source),
          undo: 'nothing to undo',
        },
        {
          type: 'file',
          on: 'console',
          effect: 'write',
          does: 'Writes the copy under its final name only when it is whole and synced.',
          text: fileOf(ctx, '<attempt>'),
          undo: 'the copy is removed with its retention',
        },
        ...companions,
        {
          type: 'check',
          on: 'console',
          effect: 'read',
          does: 'Opens the copy: integrity, foreign keys, rows of this profile, SHA-256.',
          text: 'pragma integrity_check; pragma foreign_key_check; select count(*) of every table',
          undo: 'nothing to undo',
        },
      ],
    };
  },
  async run(ctx, { with_files: names, files }) {
    const to = fileOf(ctx, ctx.attemptId);
    const taken = await ctx.state.get<Taken>('taken');
    if (taken?.attemptId === ctx.attemptId && existsSync(taken.path)) {
      ctx.log('info', `The copy of this attempt is there already: ${taken.path}`);
      return;
    }
    // Before the first byte is read: what is written from now on may not be in the copy.
    await ctx.state.set('liveState', liveState(movedFilesOf(ctx)));
    // First: a record that tells of a row must not be younger than the row.
    const companions = copyCompanions(ctx, names, to);
    const store = jsonStoreOf(ctx);
    if (store) {
      await ctx.state.set('taken', { ...(await snapshotStore(ctx, store, to)), attemptId: ctx.attemptId, companions });
      return;
    }
    const several = filesOf(ctx, files);
    if (several) {
      const made = await snapshotFiles(ctx, several, to);
      await ctx.state.set('taken', { ...made, attemptId: ctx.attemptId, companions });
      return;
    }
    const copy = await snapshotSqlite({
      source: liveSource(ctx),
      to,
      signal: ctx.signal,
      progress: ctx.progress,
      failpoint: ctx.failpoint,
    });
    await ctx.state.set('taken', {
      path: copy.path,
      sha256: copy.sha256,
      bytes: copy.bytes,
      takenAt: copy.takenAt,
      attemptId: ctx.attemptId,
      companions,
    });
    ctx.log('info', `Copied ${copy.bytes} bytes, ${copy.pages} pages, in ${copy.durationMs} ms to ${copy.path}`);
  },
  async check(ctx, { files }) {
    const taken = await ctx.state.get<Taken>('taken');
    if (!taken || !existsSync(taken.path)) {
      throw new CutoverError({
        code: 'snapshot_missing',
        message: `The source snapshot${taken ? ` ${taken.path}` : ''} is not there.`,
        advice: 'Run the step again.',
        retry: 'now',
      });
    }
    const snapshot = locationOf(ctx, taken.path);
    const proof = await verifySnapshot({
      snapshot,
      scope: scopeOf(ctx),
      sha256: taken.sha256,
      signal: ctx.signal,
      progress: ctx.progress,
    });
    const several = filesOf(ctx, files);
    const now = several ? liveMerged(several, ctx.workDir) : await liveSourceInTurns(ctx);
    const live = new Map(countSource(now, scopeOf(ctx)).map((row) => [row.table, row.scoped ?? row.rows]));
    const own = proof.tables.map((row) => ({ table: row.table, rows: row.scoped ?? row.rows }));
    // A whole file without a row moves as its empty tables; of one profile among several there must be rows.
    const empty = !isScoped(scopeOf(ctx)) && [...live.values()].every((rows) => rows === '0');
    const total = own.reduce((sum, row) => sum + BigInt(row.rows), 0n);
    const companions = taken.companions ?? [];
    const beside = await companionProofs(ctx, companions);
    await ctx.saveSnapshot({
      id: `${taken.attemptId}-${ctx.step.id}`,
      kind: 'source',
      path: taken.path,
      digest: proof.sha256,
      bytes: BigInt(proof.bytes),
      manifest: {
        tables: proof.tables,
        schemaFingerprint: proof.schemaFingerprint,
        encoding: proof.encoding,
        takenAt: taken.takenAt,
        rows: total.toString(),
        companions,
      },
      verified: proof.passed && beside.every(({ verdict }) => verdict === 'passed'),
    });
    ctx.setFact('path', taken.path);
    ctx.setFact('digest', proof.sha256);
    ctx.setFact('takenAt', taken.takenAt);
    ctx.setFact('liveState', await ctx.state.get<string[]>('liveState'));
    ctx.setFact('rows', Object.fromEntries(own.map((row) => [row.table, row.rows])));
    ctx.setFact('fingerprint.snapshot', proof.sha256);
    if (companions.length) ctx.setFact('companions', companions);
    if (taken.parts) ctx.setFact('parts', taken.parts);
    return {
      checkpoints: [
        checkpoint('intact', 'The copy opens and is intact', proof.integrity.length === 0, {
          summary: proof.integrity.length
            ? proof.integrity.slice(0, 3).join('; ')
            : `integrity_check said ok; ${formatCount(proof.bytes)} bytes, ${proof.encoding}`,
          digests: [{ of: path.basename(taken.path), sha256: proof.sha256 }],
          probes: [
            {
              what: 'integrity_check',
              expected: 'ok',
              got: proof.integrity.join('; ') || 'ok',
              passed: proof.integrity.length === 0,
            },
          ],
        }),
        checkpoint('digest', 'The copy is the file that was written', proof.sha256 === taken.sha256, {
          summary: proof.sha256,
          digests: [
            { of: 'as written', sha256: taken.sha256 },
            { of: 'as read', sha256: proof.sha256 },
          ],
        }),
        checkpoint('rows', "The copy holds this profile's rows", total > 0n || empty, {
          summary: `${formatCount(total)} rows of ${ctx.profile.source_id} in ${own.length} tables`,
          table: {
            columns: ['Table', 'Rows in the copy', 'Rows in the live file now'],
            numeric: [1, 2],
            rows: own.map((row) => [row.table, row.rows, live.get(row.table) ?? 'none']),
          },
        }),
        ...beside,
        ...(jsonStoreOf(ctx) ? [await stagedProof(taken.path, ctx.signal)] : []),
        ...(taken.parts ? await filesProof(taken.path, taken.parts) : []),
        ...(proof.passed
          ? []
          : [
              checkpoint('verified', 'The copy is verified as a whole', false, {
                summary: 'verifySnapshot did not pass',
                raw: { integrity: proof.integrity },
              }),
            ]),
      ],
    };
  },
  undo: 'nothing-to-undo',
} satisfies MachineStep<Params>;
