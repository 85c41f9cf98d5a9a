import { ledgerTable, withTarget } from '@/lib/dataplane';
import type { StepContext } from '@/lib/steps/step';
import { dsnOf } from './places';

/**
 * The number that target effects of this attempt carry. It rises over all attempts of a cutover, since attempts begin at
 * epoch 1 each: the target's own clock, and never less than what the ledger has seen, should that clock step back.
 */
export function fencingToken(ctx: StepContext): Promise<number> {
  return withTarget(
    dsnOf(ctx),
    async (client) => {
      const clock = '(extract(epoch from clock_timestamp()) * 1000)::bigint';
      const load = await ledgerTable(client, 'load');
      const { rows } = load
        ? await client.query<{ token: string }>(
            `select greatest(${clock}, coalesce((select epoch + 1 from ${load} where cutover_id = $1), 0))::text as token`,
            [ctx.cutoverId],
          )
        : await client.query<{ token: string }>(`select ${clock}::text as token`);
      return Number(rows[0]?.token);
    },
    { readOnly: true, signal: ctx.signal },
  );
}
