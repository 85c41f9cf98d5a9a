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
    /** Where parts of that sentence lead, in its order: whose it is, or its cutover. */
    links: { text: string; href: string }[];
  }[];
  /** All that were found, also those beyond the list. */
  total: number;
  /** What was not looked at: folders that lie deeper, or what came after so many entries. */
  cut: 'deep' | 'many' | null;
  roots: string[];
  targets: { name: string; set: boolean | null; detail: string }[];
  runbook: { name: string; title: string; summary: string; steps: string[] } | null;
};

/** What can be said of one choice before anything is connected to. */
export type MoveChoiceDto = {
  /** Tables of the file; null when they could not be counted without opening it. */
  tables: number | null;
  suggestedSchema: string;
  /** Why it cannot be moved as it is now; null when nothing was found that speaks against it. */
  trouble: { code: string; message: string; advice: string } | null;
  schema: { usable: boolean; text: string } | null;
};
