/** A reason is never a word: it is read by others, and for ever. */
export const shortestReason = 8;
export const reasonIsShort = (reason: string): boolean => reason.trim().length < shortestReason;
export const shortReasonWords = `Write the reason, at least ${shortestReason} characters.`;
