import {
  type ClientTool,
  findTool,
  proveTarget,
  quoteIdent,
  readEarlierLoad,
  readSource,
  readTargetFence,
  requireTool,
  schemaNameFindings,
  whyNotFree,
  withTarget,
} from '@/lib/dataplane';
import type { CheckpointResult } from '@/lib/shared/evidence';
import { secretPairs } from '@/lib/fleet/secret-names';
import type { StepContext } from '@/lib/steps/step';
import { checkpoint, prove } from './checkpoint';
import { contractOf } from './contract';
import { isDesigned } from './designed';
import { readMapping } from './mapping';
import { adminDsnOf, dsnOf, liveSource, placeOf, scopeOf } from './places';

/** What must hold of the target and its tools, each proven by doing. */
export async function targetProofs(ctx: StepContext, tools: readonly ClientTool[]): Promise<CheckpointResult[]> {
  const proofs: CheckpointResult[] = [];
  let version = 0;
  const named: [string, string | undefined][] = [
    [ctx.profile.target.dsn_env, undefined],
    [ctx.profile.target.admin_dsn_env ?? '', 'admin'],
  ];
  for (const [name, admin] of named) {
    const dsn = admin ? adminDsnOf(ctx) : name && dsnOf(ctx);
    if (!dsn) continue;
    proofs.push(
      await prove(`dsn-${name}`, `${name} leads to a server that can be worked with`, async () => {
        const proof = await proveTarget(dsn);
        version = proof.serverVersion;
        const needed = admin ? proof.probes.filter((probe) => !probe.what.includes('creates')) : proof.probes;
        const problems = needed.flatMap(({ problem }) => (problem ? [problem] : []));
        return {
          holds: problems.length === 0,
          summary: problems.length
            ? problems.map(({ code, message, advice }) => `${message} ${advice} (${code})`).join(' ')
            : `PostgreSQL ${proof.serverVersionText}, database ${proof.database}, user ${proof.user}, ${proof.encoding}, ${proof.encrypted ? 'encrypted' : 'not encrypted'}`,
          probes: proof.probes.map(({ what, got, passed }) => ({ what, got, passed, expected: 'holds' })),
        };
      }),
    );
  }
  if (!version) return proofs;
  // What cannot be signed in to would only say the same again.
  const reached = proofs[0]?.evidence.probes !== undefined;
  proofs.push(
    await prove('tools', `${tools.join(', ')} fit the server`, async () => {
      const found = await Promise.all(tools.map((tool) => findTool(tool)));
      for (const tool of found) requireTool(tool, version);
      return {
        holds: true,
        summary: found.map(({ file, version: has }) => `${has} ${file}`).join(', '),
      };
    }),
  );
  if (!reached) return proofs;
  proofs.push(
    await prove('schema-name', "The schema name is free, or this profile's own", () => schemaName(ctx)),
    await prove('not-loaded', 'No earlier load of this profile stands in the schema', () => noEarlierLoad(ctx)),
    await prove('target-fence', 'No fence on the target stands in the way', async () => {
      const fence = await readTargetFence(placeOf(ctx));
      return {
        holds: true,
        summary:
          fence.state === 'absent'
            ? 'no trigger of ours'
            : `a break-glass rollback left its fence (${fence.triggers.length} triggers); bootstrap lifts it`,
      };
    }),
  );
  return proofs;
}

/** An import refuses rows that its own ledger does not explain; this says so before anything is copied. */
async function noEarlierLoad(ctx: StepContext) {
  const place = placeOf(ctx);
  const found = await withTarget(place.dsn, (client) => readEarlierLoad(client, place, ctx.cutoverId), {
    signal: ctx.signal,
  });
  const tables = found?.tables.filter((table) => isMovedTable(ctx, table)) ?? [];
  const before = found && tables.length ? { ...found, tables } : null;
  return {
    holds: before === null,
    summary: before
      ? `${before.tables.slice(0, 3).join(', ')}${before.tables.length > 3 ? ` and ${before.tables.length - 3} more` : ''} still hold what an earlier cutover loaded on ${before.at}. Choose another schema, or drop ${place.schema} once nobody needs it (target_not_empty)`
      : 'the ledger knows of none',
  };
}

/** A cutover of some surfaces stands beside what moved before: only its own tables must be free. */
function isMovedTable(ctx: StepContext, target: string): boolean {
  if (!ctx.runbook.surfaces) return true;
  const own = readSource(liveSource(ctx), scopeOf(ctx)).tables.map(({ name }) => `.${quoteIdent(name)}`);
  return own.some((name) => target.endsWith(name));
}

async function schemaName(ctx: StepContext) {
  const place = placeOf(ctx);
  return withTarget(
    place.dsn,
    async (client) => {
      const findings = await schemaNameFindings(client, place);
      const mapping = await readMapping(ctx, client, null);
      // The first profile of the fleet file with a name has it; a later one must choose another.
      const first = ctx.system.profiles.find(
        (profile) => profile.target.schema === place.schema && profile.target.dsn_env === ctx.profile.target.dsn_env,
      );
      const designed = isDesigned(ctx);
      const notFree = designed ? await whyNotFree(client, place) : null;
      const stands = designed
        ? 'made by a move of this profile, or empty'
        : mapping.registered === place.schema
          ? 'exists, and the registry gives it to this profile'
          : 'exists; its tables are those of the system';
      const earlier = first && first.source_id !== place.sourceId ? first.source_id : null;
      const problems = [
        ...findings.filter((finding) => finding.blocking).map((finding) => finding.message),
        ...(mapping.takenBy ? [`the registry gives ${place.schema} to ${mapping.takenBy}`] : []),
        ...(earlier
          ? [`profile ${earlier} of the fleet file derives the same schema ${place.schema} (schema_name_taken)`]
          : []),
        ...(notFree ? [`${notFree}. Choose another schema, or drop that one yourself`] : []),
      ];
      return {
        holds: problems.length === 0,
        summary:
          problems.join('; ') ||
          `${place.schema}, ${Buffer.byteLength(place.schema)} bytes, ${mapping.schemaExists ? stands : 'free'}${place.tables ? `; others use it too: only ${place.tables.length} tables are this profile's` : ''}`,
      };
    },
    { signal: ctx.signal },
  );
}

/** Names the runbook requires: of secrets, or of variables to which the fleet file gives one. Values stay where they are. */
export function environmentProof(ctx: StepContext, required: string[], optional: string[]): CheckpointResult {
  const given = new Map(ctx.services.flatMap(({ restart }) => secretPairs(restart.env_secrets)));
  const shown = (name: string): string => {
    const secret = given.get(name) ?? name;
    return secret === name ? name : `${name} (${secret})`;
  };
  const has = (name: string): boolean => {
    try {
      return ctx.secret(given.get(name) ?? name).length > 0;
    } catch {
      return false;
    }
  };
  const missing = required.filter((name) => !has(name));
  return checkpoint('environment', 'Every required name has a value', missing.length === 0, {
    summary: missing.length
      ? `missing: ${missing.map(shown).join(', ')}. Add ${missing.length > 1 ? 'them' : 'it'} to the secrets file (CUTOVER_SECRETS) and retry (dsn_missing)`
      : [...required, ...optional.filter(has)].map(shown).join(', '),
    table: {
      columns: ['Name', 'Needed', 'Value'],
      rows: [
        ...required.map((name) => [shown(name), 'required', has(name) ? 'set' : 'missing']),
        ...optional.map((name) => [shown(name), 'optional', has(name) ? 'set' : 'missing']),
      ],
    },
  });
}

export const contractProof = (ctx: StepContext, named?: string): Promise<CheckpointResult> =>
  prove('contract', 'It is known which tables the target is to have', () => {
    const contract = contractOf(ctx, named);
    return {
      holds: true,
      summary: contract
        ? `${contract.name}, ${contract.statements.length} statements`
        : isDesigned(ctx)
          ? 'no contract; the tables are designed from the source'
          : 'no contract; what bootstrap makes is taken as it is',
      digests: contract ? [{ of: contract.name, sha256: contract.digest }] : [],
    };
  });
