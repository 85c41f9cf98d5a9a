import { staticNameFindings, type TargetPlace } from '@/lib/dataplane';
import { CutoverError } from '@/lib/errors';

type Values = { to?: string; schema?: string };
/** What the one thing is called that is given before the options. */
type Words = { given: string; one: string };

/** What every move and check needs on its command line. @throws CutoverError input_invalid with the usage line */
export function readPlace(values: Values, positionals: string[], words: Words, usage: string) {
  const [given, ...more] = positionals;
  const { to, schema } = values;
  if (given && !more.length && to && schema) return { given, to, schema };
  throw new CutoverError({
    code: 'input_invalid',
    message: more.length
      ? `One ${words.one} at a time; ${more[0]} is one too many.`
      : `${!given ? words.given : !to ? '--to' : '--schema'} is missing.`,
    advice: `Usage: ${usage}`,
  });
}

/** @throws CutoverError schema_name_invalid */
export function requireSchemaName(place: TargetPlace): void {
  const [wrong] = staticNameFindings(place);
  if (!wrong) return;
  throw new CutoverError({
    code: 'schema_name_invalid',
    message: wrong.message,
    advice: 'Choose another name after --schema: 1 to 63 bytes, not public, not beginning with pg_.',
  });
}
