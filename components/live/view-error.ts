import type { AttemptDto } from '@/lib/views/dto';

export type FactsShown = Pick<NonNullable<AttemptDto['error']>, 'code' | 'message' | 'advice'>;

/** What the server answered instead of a view: what, where, what to do, code. */
export class ViewError extends Error {
  readonly facts: FactsShown;

  constructor(facts: FactsShown, options?: { cause?: unknown }) {
    super(facts.message, options);
    this.name = 'ViewError';
    this.facts = facts;
  }
}

export const factsOfError = (error: Error): FactsShown =>
  error instanceof ViewError ? error.facts : { code: 'unexpected', message: error.message, advice: 'Reload the page.' };
