import type { Page, Request } from '@playwright/test';

/** What a browser sent when somebody pressed: a server action, which anybody may send again by hand. */
export type Posted = { url: string; headers: Record<string, string>; body: string };

/** Waits for the next server action of this page, and lets it through. */
export async function nextPost(page: Page, press: () => Promise<void>): Promise<Posted> {
  const isAction = (request: Request) => request.method() === 'POST' && 'next-action' in request.headers();
  const [request] = await Promise.all([page.waitForRequest(isAction), press()]);
  const { 'next-action': action = '', 'content-type': type = '' } = request.headers();
  return {
    url: request.url(),
    headers: { 'next-action': action, 'content-type': type, accept: 'text/x-component' },
    body: (request.postDataBuffer() ?? Buffer.alloc(0)).toString('latin1'),
  };
}

/** The same form with other values: what a person without a page, but with a session, can send. */
export function changeFields(posted: Posted, fields: Record<string, string>): Posted {
  let { body } = posted;
  for (const [name, value] of Object.entries(fields)) {
    const field = new RegExp(`(name="(?:_?\\d+_)?${name}"\\r\\n\\r\\n)[^\\r]*`);
    if (!field.test(body)) throw new Error(`the posted form has no field ${name}`);
    body = body.replace(field, (_, head: string) => `${head}${value}`);
  }
  return { ...posted, body };
}

/** Sends it in the name of the person of `page`. @returns what the server answered, as text */
export async function postByHand(page: Page, posted: Posted): Promise<string> {
  const origin = new URL(posted.url).origin;
  const answer = await page.request.post(posted.url, {
    headers: { ...posted.headers, origin },
    data: Buffer.from(posted.body, 'latin1'),
  });
  return answer.text();
}
