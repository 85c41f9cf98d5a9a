/**
 * What a rollback needs when web, target and control plane are all down: written and synced by the worker before a
 * switch, read by `cutover rollback --break-glass`. Names of secrets, never values.
 */
export type FlightCard = {
  version: 1;
  cutoverId: string;
  system: string;
  sourceId: string;
  writtenAt: string;
  /** Fencing token of the attempt that wrote it; break-glass goes on with a higher one. */
  epoch: number;
  from: string;
  to: string;
  services: {
    name: string;
    envFile: string;
    envAllow: string[];
    modeVariable: string;
    /** Text to go back to, exactly as it was before the switch, and its SHA-256. */
    oldEnvText: string;
    oldEnvDigest: string;
    instances: string[];
    observePath: string;
    observeMode: string;
    /** The observed word that means `from`. */
    observedFrom: string;
    headers: Record<string, string>;
    readySeconds: number;
    startHeldVariable: string | null;
    /** As in the fleet file: managed process or restart command. */
    restart:
      | { kind: 'managed'; argv: string[]; cwd: string; env: Record<string, string>; envSecrets: string[]; stopSeconds: number }
      | { kind: 'command'; argv: string[]; cwd: string };
  }[];
  source: { path: string; unfenceSql: string[] };
  target: { dsnEnv: string; schema: string; fenceSql: string[] };
  /** Where the journal stood; null without a way back. */
  appliedPosition: string | null;
};

/** What a break-glass act leaves behind for the control plane to take in on its return. */
export type ActFile = {
  version: 1;
  act: 'rollback';
  cutoverId: string;
  system: string;
  sourceId: string;
  by: string;
  reason: string;
  at: string;
  epoch: number;
  targetFenced: boolean;
  observed: string | null;
  log: string[];
};
