import { createHash } from 'node:crypto';
import { z } from 'zod';
import { canonicalJsonText } from '@/lib/dataplane/json-canonical';

/** How the records of a hash-chained JSONL file are made, declared in the runbook. */
export const chainFormat = z.strictObject({
  /** Members that the hash covers, in the order in which they are hashed; a record leaves out those it lacks. */
  fields: z.array(z.string().min(1)).min(1),
  /** Member that holds the hash. */
  hash: z.string(),
  /** Member that holds the hash of the record before; null in the first. */
  previous: z.string(),
  /** Member that counts without gaps. */
  sequence: z.string().optional(),
  first_sequence: z.number().int().nonnegative().default(1),
  algorithm: z.enum(['sha256', 'sha512']).default('sha256'),
  /** as-written: the bytes of each member as they stand in the line. sorted: members of every object by name, without white space. */
  canonical: z.enum(['as-written', 'sorted']).default('as-written'),
});
export type ChainFormat = z.infer<typeof chainFormat>;

export type ChainRecord = { sequence: number | null; previous: string | null; hash: string | null };
export type RecordRead = { record: ChainRecord; fault: null } | { record: ChainRecord | null; fault: RecordFault };
export type RecordFault = { code: 'chain_not_json' | 'chain_uncovered' | 'chain_changed'; message: string };

const refuse = (record: ChainRecord | null, code: RecordFault['code'], message: string): RecordRead => ({
  record,
  fault: { code, message },
});

/** Reads one line and recomputes its hash. The line is bytes as latin-1 text, so that no byte of a member is ever decoded. */
export function readRecord(line: string, format: ChainFormat): RecordRead {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return refuse(null, 'chain_not_json', 'the line is no JSON');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    return refuse(null, 'chain_not_json', 'the line is no JSON object');
  const members = rawMembers(line);
  const value = parsed as Record<string, unknown>;
  const text = (name: string): string | null => (typeof value[name] === 'string' ? (value[name] as string) : null);
  const record: ChainRecord = {
    sequence:
      format.sequence && Number.isSafeInteger(value[format.sequence]) ? (value[format.sequence] as number) : null,
    previous: text(format.previous),
    hash: text(format.hash),
  };
  const stray = members.find(({ name }) => name !== format.hash && !format.fields.includes(name));
  if (stray) return refuse(record, 'chain_uncovered', `member ${stray.name} is covered by no hash`);
  const twice = members.find(({ name }, at) => members.findIndex((other) => other.name === name) !== at);
  if (twice) return refuse(record, 'chain_uncovered', `member ${twice.name} stands twice`);
  const computed = hashOf(members, format);
  if (record.hash !== computed)
    return refuse(
      record,
      'chain_changed',
      `the record was changed: its hash is ${record.hash ?? 'missing'}, its members give ${computed}`,
    );
  return { record, fault: null };
}

function hashOf(members: readonly Member[], { fields, algorithm, canonical }: ChainFormat): string {
  const covered = fields.flatMap((name) => members.filter((member) => member.name === name));
  const object = `{${covered.map(({ name, raw }) => `${JSON.stringify(name)}:${raw}`).join(',')}}`;
  const bytes = Buffer.from(object, 'latin1');
  return createHash(algorithm)
    .update(canonical === 'sorted' ? canonicalJsonText(bytes.toString('utf8')) : bytes)
    .digest('hex');
}

type Member = { name: string; raw: string };

/** Members of the outermost object with the text of each value exactly as written. The line is known to be JSON. */
function rawMembers(line: string): Member[] {
  const members: Member[] = [];
  let at = line.indexOf('{') + 1;
  for (;;) {
    at = skipSpace(line, at);
    if (line[at] === ',') at = skipSpace(line, at + 1);
    if (line[at] === '}') return members;
    const nameEnd = stringEnd(line, at);
    const name = JSON.parse(line.slice(at, nameEnd)) as string;
    const from = skipSpace(line, skipSpace(line, nameEnd) + 1);
    at = valueEnd(line, from);
    members.push({ name, raw: line.slice(from, at) });
  }
}

function skipSpace(line: string, at: number): number {
  let next = at;
  while (' \t\r\n'.includes(line[next] ?? 'x')) next += 1;
  return next;
}

/** Behind the closing quote of the string that begins at `at`. */
function stringEnd(line: string, at: number): number {
  let next = at + 1;
  while (line[next] !== '"') next += line[next] === '\\' ? 2 : 1;
  return next + 1;
}

function valueEnd(line: string, at: number): number {
  let depth = 0;
  for (let next = at; ; ) {
    const sign = line[next];
    if (sign === '"') {
      next = stringEnd(line, next);
      if (depth === 0) return next;
      continue;
    }
    if (sign === '{' || sign === '[') depth += 1;
    else if (sign === '}' || sign === ']') {
      if (depth === 0) return trimmedEnd(line, next);
      depth -= 1;
      if (depth === 0) return next + 1;
    } else if (sign === ',' && depth === 0) return trimmedEnd(line, next);
    next += 1;
  }
}

function trimmedEnd(line: string, at: number): number {
  let end = at;
  while (' \t\r\n'.includes(line[end - 1] ?? 'x')) end -= 1;
  return end;
}
