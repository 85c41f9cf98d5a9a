/** A page of log lines; `rows` are [seq, at, level, stream, text]. */
export type LogRow = [number, string, string, string, string];

export type LogPageDto = {
  attemptId: string;
  rows: LogRow[];
  total: number;
  counts: Record<string, number>;
  matches: number[] | null;
};
