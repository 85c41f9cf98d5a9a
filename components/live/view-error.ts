import type { AttemptDto } from '@/lib/views/dto';

export type FactsShown = Pick<NonNullable<AttemptDto['error']>, 'code' | 'message' | 'advice'>;

/** What the server answered instead of a view: what, where, what to do, code. */
export class ViewError extends Error {
  readonly facts: FactsShown;
  /** The server was busy or away: the same question may be answered a moment later. */
  readonly passing: boolean;

  constructor(facts: FactsShown, options: { cause?: unknown; passing?: boolean } = {}) {
    super(facts.message, options);
    this.name = 'ViewError';
    this.facts = facts;
    this.passing = options.passing ?? false;
  }
}

export const isPassing = (error: Error): boolean => !(error instanceof ViewError) || error.passing;

export const factsOfError = (error: Error): FactsShown =>
  error instanceof ViewError ? error.facts : { code: 'unexpected', message: error.message, advice: 'Reload the page.' };
