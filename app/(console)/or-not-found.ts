import { notFound } from 'next/navigation';
import { CutoverError } from '@/lib/errors';
import { isUnknown } from '@/lib/views/answer';

/** What an address names and nobody knows is a page of its own, not a failure of the console. */
export const orNotFound = <T>(view: Promise<T>): Promise<T> =>
  view.catch((thrown: unknown) => {
    if (thrown instanceof CutoverError && isUnknown(thrown)) notFound();
    throw thrown;
  });
