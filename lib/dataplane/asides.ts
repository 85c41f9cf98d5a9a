import { CutoverError } from '@/lib/errors';
import { quoteIdent } from '@/lib/sources/quote';
import { textRows, withTarget } from './connect-target';
import { claimLoad } from './ledger';
import { ledgerTable } from './make-ledger';
import { renameBack } from './restore-target';
import type { TargetPlace } from './types';

/** Schemas that restores of this profile put aside and that are still there. */
export const readAsides = (place: TargetPlace): Promise<string[]> =>
  withTarget(place.dsn, async (client) => {
    const table = await ledgerTable(client, 'restore');
    if (!table) return [];
    const rows = await textRows<{ aside: string }>(
      client,
      `select aside from ${table} join pg_namespace on nspname = aside where schema_name = $1 order by started_at`,
      [place.schema],
    );
    return rows.map(({ aside }) => aside);
  });

/** At close: drops what a restore put aside. Refuses any other name. */
export async function dropAside({
  place,
  adminDsn,
  aside,
}: {
  place: TargetPlace;
  adminDsn?: string;
  aside: string;
}): Promise<void> {
  if (!/^cutover_aside_[0-9a-f]{16}$/.test(aside))
    throw new CutoverError({
      code: 'input_invalid',
      message: `${aside} is no schema that a restore put aside.`,
      advice: 'Give the name that the restore reported.',
    });
  await withTarget(adminDsn ?? place.dsn, (client) =>
    client.query(`drop schema if exists ${quoteIdent(aside)} cascade`),
  );
}

/**
 * Where a restore that was killed has left no schema under the profile's name, the one that stood aside comes back. A worker
 * that still restores is shut out first. @returns the name it had aside; null when the schema is there
 */
export function bringBackAside(place: TargetPlace, cutoverId: string): Promise<string | null> {
  return withTarget(place.dsn, async (client) => {
    const [stands] = await textRows(client, 'select 1 as there from pg_namespace where nspname = $1', [place.schema]);
    const table = stands ? null : await ledgerTable(client, 'restore');
    if (!table) return null;
    await claimLoad(client, {
      cutoverId,
      epoch: Date.now(),
      sourceId: place.sourceId,
      schema: place.schema,
      sourceDigest: 'restore',
    });
    const [aside] = await textRows<{ name: string }>(
      client,
      `select aside as name from ${table} join pg_namespace on nspname = aside
       where schema_name = $1 and not done order by started_at desc limit 1`,
      [place.schema],
    );
    return aside && (await renameBack(client, place, aside.name)) ? aside.name : null;
  });
}
