import { listOpenCutovers, listPastCutovers } from '@/db/queries/views/list-cutovers';
import { readReturnedHolds } from '@/db/queries/views/read-returned-holds';
import { readNow } from '@/db/queries/views/read-now';
import type { SessionContext } from '@/lib/auth/actor';
import { mayAct } from '@/lib/cutover/who-may';
import type { CutoversDto } from './dto';
import { headlinesOf } from './parts/cutover-headline';
import { endedWords, toCutoverRow } from './parts/cutover-row';

const pastShown = 200;

export async function buildCutovers(ctx: SessionContext): Promise<CutoversDto> {
  const now = await readNow(ctx.db);
  const lines = await listOpenCutovers(ctx.db);
  const past = await listPastCutovers(ctx.db, pastShown);
  const returned = await readReturnedHolds(
    ctx.db,
    [...lines, ...past].filter(({ frozenMs }) => frozenMs === null).map(({ id }) => id),
  );
  const headlines = await headlinesOf(
    ctx,
    lines.map(({ id }) => id),
  );
  return {
    now: now.toISOString(),
    canPlan: mayAct('plan-cutover', ctx.actor),
    open: lines.flatMap((line) => {
      const found = headlines.get(line.id);
      return found ? [toCutoverRow(line, `${found.headline}. ${found.detail}`, found.badge, returned)] : [];
    }),
    past: past.map((line) => toCutoverRow(line, endedWords(line), null, returned)),
  };
}
