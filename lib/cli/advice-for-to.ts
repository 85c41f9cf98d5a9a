import type { ErrorFacts } from '@/lib/errors';

/** A target that --to names is in no fleet file: what is wrong with its DSN is mended where --to takes it from.
 *  @param words of the command line, after the command's name */
export const adviceFor = ({ code, advice, facts }: Required<ErrorFacts>, words: readonly string[]): string =>
  words.includes('--to') && code === 'target_password_wrong' && facts.sqlstate === '28P01'
    ? 'Correct role and password where --to takes them from: the variable, the password file or the service it names.'
    : advice;
