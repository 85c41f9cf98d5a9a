import type pg from 'pg';
import { quoteIdent } from '@/lib/sources/quote';
import { textRows } from './connect-target';
import type { TargetPlace } from './types';

/** Whose the schema is, in words, where this role may not make or drop anything in it; null where it may, or where there is none. */
export async function ownerProblem(client: pg.Client, { schema }: Pick<TargetPlace, 'schema'>): Promise<string | null> {
  const [there] = await textRows<{ owner: string; role: string; ours: string }>(
    client,
    `select pg_get_userbyid(nspowner) as owner, current_user as role, pg_has_role(nspowner, 'usage') as ours
    from pg_namespace where nspname = $1`,
    [schema],
  );
  if (!there || there.ours === 't') return null;
  return `schema ${quoteIdent(schema)} belongs to role ${there.owner}, and ${there.role} is no member of it`;
}
