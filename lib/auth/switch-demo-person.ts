import { headers } from 'next/headers';
import { CutoverError } from '@/lib/errors';
import { demoOn, demoPeople, fromLoopback } from './demo-people';
import { signIn } from './sign-in';

/** A real sign-in as another of the demo's people. The session before is left to expire: ended first, whatever the page reads
 *  before the new one arrives would lead it to the sign-in page. @throws CutoverError state_forbids outside the demo or from another machine */
export async function switchDemoPerson(email: string): Promise<void> {
  const person = demoPeople.find((each) => each.email === email);
  if (!demoOn() || !fromLoopback((await headers()).get('x-forwarded-for')) || !person) {
    throw new CutoverError({
      code: 'state_forbids',
      message: 'Switching the person works in the demo only, on its own machine.',
      advice: 'Sign out and sign in as the other person.',
    });
  }
  await signIn(person);
}
