import type { FlowCheck, MadeRows, WrittenRow } from '@/lib/fleet/flow-schema';
import type { ServiceEntry } from '@/lib/fleet/schema';
import type { LogLevel } from '@/lib/shared/statuses';
import type { SecretOf } from '@/lib/services/managed-process';
import type { TargetPlace } from '@/lib/dataplane';
import type { Names } from './substitute';

/** `short`: what was asked in a few words, where `what` is a whole statement. */
export type Probe = { what: string; short?: string; text?: string; expected?: string; got: string; passed: boolean };
/** What one check found. `captured` names are there for the checks after it. */
export type CheckOutcome = { passed: boolean; probes: Probe[]; captured: Names };

/** One SQLite file and, where the profile has several, the others by name. */
export type AskedSource = { path: string; beside: Readonly<Record<string, string>> };

/** What a check may reach: one instance, the profile's own rows, the named commands. Made once a flow. */
export type CheckPlace = {
  service: ServiceEntry;
  /** The instance that is asked: a shadow's or the service's first. */
  url: string;
  headers: Record<string, string>;
  target: TargetPlace;
  /** The live source as it is when it is asked, never as it was when the flow began. Null: there is no store besides the target. */
  source: (() => AskedSource) | null;
  secret: SecretOf;
  signal: AbortSignal;
  log(level: LogLevel, text: string): void;
  /** Keeps rows as they are before they may be written. */
  keep(rows: WrittenRow[]): Promise<void>;
  /** Reads the same rows after the write, so that putting back never overwrites somebody else's later write. */
  written(rows: WrittenRow[]): Promise<void>;
  /** Notes rows that are about to be made, so that they are found and deleted whatever happens. */
  made(rows: MadeRows[]): Promise<void>;
};

/** One type of check, one file. `run` never throws for what the other side does: that is an outcome. */
export type CheckKind<C extends FlowCheck> = {
  kind: C['kind'];
  /** What will be done, for the plan: names not yet known stay as `${name}`. */
  describe(check: C, names: Names): { on: string; effect: 'read' | 'write'; text: string };
  run(check: C, names: Names, place: CheckPlace): Promise<CheckOutcome>;
};

// biome-ignore lint/suspicious/noExplicitAny: the registry holds every type of check; a check is parsed by its schema at the door
export type AnyCheck = CheckKind<any>;
