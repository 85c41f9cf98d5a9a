/** The last cause of a failure, first line only: a failed query carries its parameters, and those are tokens and addresses. */
function reasonOf(details: unknown[]): string {
  let found = details.find((detail): detail is Error => detail instanceof Error);
  for (let depth = 0; found?.cause instanceof Error && depth < 5; depth += 1) found = found.cause;
  const first = found?.message.split('\n')[0] ?? '';
  return first.startsWith('Failed query') ? 'a query failed' : first;
}

/** The library's log lines, without what it would print beside them. */
export function logAuth(_level: string, message: string, ...details: unknown[]): void {
  const reason = reasonOf(details);
  console.error(`auth: ${message.split('\n')[0]}${reason ? `: ${reason}` : ''}`);
}
