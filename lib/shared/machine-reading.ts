/** What a worker found on its machine at its start: the web holds no secret and asks no tool. Never a value of a secret. */
export type MachineReading = {
  /** Names of the fleet's secrets and whether they are set there. */
  secrets?: { name: string; set: boolean }[];
  /** pg_dump, pg_restore, psql: first line of their version, or why not. */
  tools?: { name: string; version: string | null; problem: string | null }[];
  /** Room where snapshots are kept, decimal text. */
  freeBytes?: string;
  node?: string;
};
