import { countPlace } from '@/lib/dataplane';
import { toFacts } from '@/lib/errors';
import type { PlanLine } from '@/lib/shared/evidence';
import { countWords } from '@/lib/shared/words';
import type { StepContext } from '@/lib/steps/step';
import { placeOf } from './places';

type Counted = Pick<PlanLine, 'counts' | 'estimate'>;

function toCounted(is: 'aside' | 'restored', byTable: Record<string, string>): Counted {
  const tables = Object.values(byTable);
  const rows = tables.reduce((all, one) => all + BigInt(one), 0n);
  return {
    counts: { is, tables: tables.length, rows: rows.toString() },
    estimate: `${countWords(BigInt(tables.length), 'table')}, ${countWords(rows, 'row')}`,
  };
}

/** What a restore would set aside as the target holds it now; users may still write. Nothing where it could not be counted. */
export async function countAside(ctx: StepContext): Promise<Counted> {
  try {
    return toCounted('aside', await countPlace(placeOf(ctx), ctx.signal));
  } catch (thrown) {
    ctx.throwIfEnded();
    ctx.log('warn', `What would be set aside was not counted: ${toFacts(thrown).message}`);
    return {};
  }
}

/** What the verified snapshot holds, by the facts of the step that took or chose it; nothing where none has yet. */
export function countRestored(ctx: StepContext, from: string): Counted {
  const rows = ctx.factOrNull<Record<string, string>>(from, 'rows');
  if (ctx.factOrNull<boolean>(from, 'absent')) return toCounted('restored', {});
  return rows ? toCounted('restored', rows) : {};
}
