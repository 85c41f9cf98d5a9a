/** Name of the fact by which a step says, in one sentence, that what it found cannot go away: a retry finds no less. */
export const lastingFact = 'lasting';
