import { AsyncLocalStorage } from 'node:async_hooks';

/** Where the library leaves a token that it would mail: we send no mail, the admin hands the link over. */
const mailed = new AsyncLocalStorage<{ token: string | null }>();

/** Given to the library as its mailer. */
export async function takeToken({ token }: { token: string }): Promise<void> {
  const waiting = mailed.getStore();
  if (waiting) waiting.token = token;
}

/** The token that the library would have mailed during `ask`. */
export async function tokenOf(ask: () => Promise<unknown>): Promise<string> {
  const waiting = { token: null as string | null };
  await mailed.run(waiting, ask);
  if (!waiting.token) throw new Error('the library gave no token for a password link');
  return waiting.token;
}
