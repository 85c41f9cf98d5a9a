import { findPgTools, proveTarget, requireToolsFor } from '@/lib/dataplane';
import { toFacts } from '@/lib/errors';
import type { TargetReading } from '@/lib/shared/machine-reading';

export type TargetQuestion = {
  /** Name of the secret. */
  name: string;
  dsn: string;
  /** True for the DSN that bootstrap and import use: its role must be able to make a schema. */
  makesSchemas: boolean;
  binDir: string | undefined;
};

const shortError = (thrown: unknown) => {
  const { code, message, advice } = toFacts(thrown);
  return { code, message, advice };
};

/** Connects and proves what a cutover needs of a target: version, encoding, rights, no transaction pooler, tools that can dump it.
 *  Throws nothing: what fails is the reading. Writes only a probe schema in a transaction that is rolled back. */
export async function readTarget({ name, dsn, makesSchemas, binDir }: TargetQuestion): Promise<TargetReading> {
  const at = () => new Date().toISOString();
  try {
    const proof = await proveTarget(dsn);
    return {
      name,
      at: at(),
      error: null,
      server: {
        version: proof.serverVersionText,
        versionNumber: proof.serverVersion,
        database: proof.database,
        role: proof.user,
        encoding: proof.encoding,
      },
      probes: proof.probes.filter(({ what }) => makesSchemas || !what.includes('creates')),
      tools: await toolsFor(proof.serverVersion, binDir),
    };
  } catch (thrown) {
    return { name, at: at(), error: shortError(thrown), server: null, probes: [], tools: null };
  }
}

async function toolsFor(server: number, binDir: string | undefined): Promise<TargetReading['tools']> {
  let version = 'none';
  try {
    const tools = await findPgTools(binDir);
    version = tools.version;
    requireToolsFor(tools, server);
    return { version, error: null };
  } catch (thrown) {
    return { version, error: shortError(thrown) };
  }
}
