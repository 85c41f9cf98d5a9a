import { listOpenCutovers, listPastCutovers } from '@/db/queries/views/list-cutovers';
import { readReturnedHolds } from '@/db/queries/views/read-returned-holds';
import { readNow } from '@/db/queries/views/read-now';
import type { SessionContext } from '@/lib/auth/actor';
import { mayAct } from '@/lib/cutover/who-may';
import type { CutoversDto } from './dto';
import { endedWords, headlineOf, toCutoverRow } from './parts/cutover-headline';

const pastShown = 200;

export async function buildCutovers(ctx: SessionContext): Promise<CutoversDto> {
  const now = await readNow(ctx.db);
  const lines = await listOpenCutovers(ctx.db);
  const past = await listPastCutovers(ctx.db, pastShown);
  const returned = await readReturnedHolds(
    ctx.db,
    [...lines, ...past].filter(({ frozenMs }) => frozenMs === null).map(({ id }) => id),
  );
  const open = [];
  for (const line of lines) {
    const { headline, detail, badge } = await headlineOf(ctx, line.id);
    open.push(toCutoverRow(line, `${headline}. ${detail}`, badge, returned));
  }
  return {
    now: now.toISOString(),
    canPlan: mayAct('plan-cutover', ctx.actor),
    open,
    past: past.map((line) => toCutoverRow(line, endedWords(line), null, returned)),
  };
}
