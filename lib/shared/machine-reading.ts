/** What went wrong and the next move. */
export type ReadingProblem = { code: string; message: string; advice: string };

/** One DSN as this machine sees it, found out by connecting. Never the DSN, nor any part that is secret. */
export type TargetReading = {
  /** Name of the secret that holds the DSN. */
  name: string;
  at: string;
  /** Set when it could not be worked with at all. */
  error: ReadingProblem | null;
  server: { version: string; versionNumber: number; database: string; role: string; encoding: string } | null;
  probes: { what: string; got: string; passed: boolean; problem: ReadingProblem | null }[];
  /** The client tools against this very server. */
  tools: { version: string; error: ReadingProblem | null } | null;
};

/** What a worker found on its machine: the web holds no secret and asks no tool. Never a value of a secret. */
export type MachineReading = {
  /** When it was read, ISO UTC. */
  at?: string;
  /** Names of the fleet's secrets and whether they are set there. */
  secrets?: { name: string; set: boolean }[];
  /** pg_dump, pg_restore, psql: first line of their version, or why not. */
  tools?: { name: string; version: string | null; problem: string | null }[];
  /** Every DSN of the fleet, connected to. */
  targets?: TargetReading[];
  /** Room where snapshots are kept, decimal text. */
  freeBytes?: string;
  node?: string;
  /** Why rows are encoded in TypeScript there; '' where the accelerator is used. */
  accelerator?: string;
};
