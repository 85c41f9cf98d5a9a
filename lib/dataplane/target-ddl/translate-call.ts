import { type Expression, NotTheSame } from './parse-expression';
import { asBool, asInt, isNumber, type Said, said, say, type Scene } from './translate';
import { sayClock } from './translate-clock';

/** A function that yields the same in both. @throws NotTheSame for any other */
export function translateCall(name: string, list: readonly Expression[], scene: Scene): Said {
  const clock = sayClock(name, list, scene.clock);
  if (clock) return clock;
  const values = list.map((one) => asInt(say(one, scene)));
  const form = Object.hasOwn(forms, name) ? forms[name] : undefined;
  const result = form?.(values, list);
  if (!result) throw new NotTheSame(`${name}() is not known to mean the same in PostgreSQL`);
  return result;
}

type Form = (values: readonly Said[], list: readonly Expression[]) => Said | null;
const allText = (values: readonly Said[]): boolean => values.every(({ family }) => family === 'text');
const text = (sql: string): Said => said(sql, 'text');
/** One, two or three texts in, one text out. */
const ofTexts =
  (least: number, most: number, write: (...sql: string[]) => string): Form =>
  (values) =>
    values.length >= least && values.length <= most && allText(values)
      ? text(write(...values.map(({ sql }) => sql)))
      : null;

const length: Form = ([value]) => {
  if (value?.family === 'text') return said(`char_length(${value.sql})`, 'int');
  return value?.family === 'bytea' ? said(`octet_length(${value.sql})`, 'int') : null;
};

const sameFamily: (name: string) => Form = (name) => (values) => {
  const families = new Set(values.map(({ family }) => family).filter((family) => family !== 'null'));
  const [family] = families;
  if (families.size !== 1 || !family || values.length < 2) return null;
  return said(`${name}(${values.map(({ sql }) => sql).join(', ')})`, family, values[0]?.collation ?? 'BINARY');
};

/** Only with a start from 1 and a length from 0: anything else counts from elsewhere in PostgreSQL. */
const substr: Form = (values, [, start, count]) => {
  const atLeast = (one: Expression | undefined, least: number) => one?.is === 'integer' && Number(one.value) >= least;
  if (values[0]?.family !== 'text' || !atLeast(start, 1) || (count && !atLeast(count, 0))) return null;
  return text(`substr(${values.map(({ sql }) => sql).join(', ')})`);
};

const typeNames: Record<string, string> = { int: 'integer', real: 'real', text: 'text', bytea: 'blob' };
/** The column's type answers it: only NULL and that one class can be in it. */
const typeOf: Form = ([value]) => {
  const name = typeNames[value?.family ?? ''];
  return value && name ? text(`(case when ${value.sql} is null then 'null' else '${name}' end)`) : null;
};

const forms: Record<string, Form> = {
  length,
  char_length: length,
  octet_length: ([value]) => (value?.family === 'bytea' ? said(`octet_length(${value.sql})`, 'int') : null),
  lower: ofTexts(1, 1, (one) => `lower(${one} collate "C")`),
  upper: ofTexts(1, 1, (one) => `upper(${one} collate "C")`),
  trim: ofTexts(1, 2, (one, letters = "' '") => `btrim(${one}, ${letters})`),
  ltrim: ofTexts(1, 2, (one, letters = "' '") => `ltrim(${one}, ${letters})`),
  rtrim: ofTexts(1, 2, (one, letters = "' '") => `rtrim(${one}, ${letters})`),
  instr: (values) => {
    const [one, part] = values;
    return one && part && allText(values) ? said(`strpos(${one.sql}, ${part.sql})`, 'int') : null;
  },
  hex: ([value]) => (value?.family === 'bytea' ? text(`upper(encode(${value.sql}, 'hex'))`) : null),
  substr,
  substring: substr,
  coalesce: sameFamily('coalesce'),
  ifnull: sameFamily('coalesce'),
  nullif: (values, list) => {
    const plain = values.every(({ collation }) => collation === 'BINARY');
    return values.length === 2 && plain ? sameFamily('nullif')(values, list) : null;
  },
  abs: ([value]) => (value && isNumber(value) ? said(`abs(${value.sql})`, value.family) : null),
  typeof: typeOf,
  iif: ([test, yes, no]) =>
    test && yes && no && yes.family === no.family
      ? said(`(case when ${asBool(test).sql} then ${yes.sql} else ${no.sql} end)`, yes.family)
      : null,
};
