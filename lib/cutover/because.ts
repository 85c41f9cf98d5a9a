/** What brought a step to its status, in parts: a sentence is made of it, and never read back from one. */
export type Because =
  | { why: 'failed' | 'returned' | 'undo-failed'; message: string }
  | { why: 'not-shown'; claim: string }
  /** `as`: the role that said no. `changed`: parts of the fingerprint, since then. `again`: a reviewer may decide anew. */
  | { why: 'rejected'; reason: string; as: string | null; changed: string[]; again: boolean };

/** The same as one sentence. */
export function becauseWords(because: Because): string {
  switch (because.why) {
    case 'failed':
      return `Failed: ${because.message}`;
    case 'returned':
      return `Failed, then taken back: ${because.message}`;
    case 'undo-failed':
      return `Taking it back failed: ${because.message}`;
    case 'not-shown':
      return `Not shown: ${because.claim}`;
    case 'rejected':
      return rejectedWords(because);
  }
}

type Rejected = Extract<Because, { why: 'rejected' }>;

function rejectedWords({ reason, as, changed, again }: Rejected): string {
  if (as) return `Rejected by ${as}: ${reason}${changed.length ? ` ${changedWords(changed)}` : ''}`;
  if (changed.length) return `Rejected before; changed since: ${changed.join(', ')}.`;
  return `Rejected: ${reason}${again ? ' A reviewer may decide again.' : ''}`;
}

export const changedWords = (changed: readonly string[]): string => `Changed since: ${changed.join(', ')}.`;
