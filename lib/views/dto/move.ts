/** Move one file: what may be chosen. */
export type MoveFileDto = {
  now: string;
  canPlan: boolean;
  files: {
    id: string;
    /** Path under its root. */
    name: string;
    root: string;
    kind: 'sqlite-file' | 'json-store';
    bytes: string;
    modifiedAt: string;
    /** Why it cannot be moved from here, one sentence. */
    blockedBy: string | null;
    href: string | null;
  }[];
  /** True when there are more files than are listed. */
  cut: boolean;
  roots: string[];
  targets: { name: string; set: boolean | null; detail: string }[];
  runbook: { name: string; title: string; summary: string; steps: string[] } | null;
};

/** What can be said of one choice before anything is connected to. */
export type MoveChoiceDto = {
  /** Tables of the file; null when they could not be counted without opening it. */
  tables: number | null;
  suggestedSchema: string;
  schema: { usable: boolean; text: string } | null;
};
