import { listOpenCutovers, listPastCutovers } from '@/db/queries/views/list-cutovers';
import { readNow } from '@/db/queries/views/read-now';
import type { SessionContext } from '@/lib/auth/actor';
import type { CutoversDto } from './dto';
import { endedWords, headlineOf, toCutoverRow } from './parts/cutover-headline';

const pastShown = 200;

export async function buildCutovers(ctx: SessionContext): Promise<CutoversDto> {
  const now = await readNow(ctx.db);
  const open = [];
  for (const line of await listOpenCutovers(ctx.db)) {
    const { headline, detail, badge } = await headlineOf(ctx, line.id);
    open.push(toCutoverRow(line, `${headline}. ${detail}`, badge));
  }
  const past = await listPastCutovers(ctx.db, pastShown);
  return {
    now: now.toISOString(),
    canPlan: ctx.actor.roles.includes('operator'),
    open,
    past: past.map((line) => toCutoverRow(line, endedWords(line), null)),
  };
}
