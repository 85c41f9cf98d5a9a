import { inArray } from 'drizzle-orm';
import { getDb } from '@/db/client';
import { cutover, profileState } from '@/db/schema';
import { deriveSteps } from '@/lib/cutover/derive-steps';
import { loadCutover } from '@/lib/cutover/load-cutover';
import { openCutoverStates } from '@/lib/shared/statuses';
import { exitCodes, type Command } from '@/lib/cli/command';

export const status: Command = {
  summary: 'backend mode of every profile and the steps of every open cutover',
  async run(_, output) {
    const db = getDb();
    const profiles = await db.select().from(profileState);
    for (const { system, sourceId, declared, observed, readAt } of profiles)
      output.line(
        `${system}/${sourceId}  declared ${declared ?? 'unknown'}  observed ${observed ?? 'unknown'}  read ${readAt.toISOString()}`,
      );
    const open = await db
      .select({ id: cutover.id })
      .from(cutover)
      .where(inArray(cutover.state, [...openCutoverStates]));
    const cutovers = [];
    for (const { id } of open) {
      const rows = await loadCutover(db, id);
      const steps = deriveSteps(rows).map((step) => ({ id: step.id, status: step.status, reason: step.reason }));
      cutovers.push({
        id,
        system: rows.cutover.system,
        sourceId: rows.cutover.sourceId,
        state: rows.cutover.state,
        steps,
      });
      output.line(`\n${rows.cutover.system}/${rows.cutover.sourceId}  ${rows.cutover.state}  ${id}`);
      for (const step of steps)
        output.line(`  ${step.status.padEnd(10)} ${step.id}${step.reason ? `  ${step.reason}` : ''}`);
    }
    output.result({
      profiles: profiles.map(({ system, sourceId, declared, observed, readAt }) => ({
        system,
        sourceId,
        declared,
        observed,
        readAt,
      })),
      cutovers,
    });
    return exitCodes.done;
  },
};
