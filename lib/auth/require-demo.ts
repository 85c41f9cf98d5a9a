import { headers } from 'next/headers';
import { CutoverError } from '@/lib/errors';
import { demoOn, fromLoopback } from './demo-people';

/** For what only the demo may do, asked from its own machine. @throws CutoverError state_forbids */
export async function requireDemo(what: string): Promise<void> {
  if (demoOn() && fromLoopback((await headers()).get('x-forwarded-for'))) return;
  throw new CutoverError({
    code: 'state_forbids',
    message: `${what} works in the demo only, on its own machine.`,
    advice: 'Start npm run demo and open it there.',
  });
}
