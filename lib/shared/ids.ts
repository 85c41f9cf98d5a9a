declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

export type CutoverId = Branded<'CutoverId'>;
export type AttemptId = Branded<'AttemptId'>;
export type SnapshotId = Branded<'SnapshotId'>;
/** The system's own text, 1–200 printable characters. Never part of SQL, a path or a command by itself. */
export type SourceId = Branded<'SourceId'>;

/** A profile's key everywhere: the system's name and the system's own id for the tenant. */
export type ProfileKey = { system: string; sourceId: string };

export const profileText = ({ system, sourceId }: ProfileKey): string => `${system}/${sourceId}`;
