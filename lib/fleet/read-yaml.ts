import { readFileSync } from 'node:fs';
import { LineCounter, parseDocument, isMap, isPair, type Document, type Node } from 'yaml';
import type { z } from 'zod';
import { CutoverError, type ErrorCode } from '@/lib/errors';
import { expectedWords, sayIssue } from './say-issue';

export type YamlFile<T> = { value: T; text: string; path: string };
export type YamlProblem = { line: number; place: string; problem: string };

/** What is wrong beyond the schema in a file that breaks it: `issues` are those of the schema. */
export type AlsoWrong = (
  filled: unknown,
  issues: readonly z.core.$ZodIssue[],
) => { at: (string | number)[]; problem: string }[];

/** Reads one YAML file against a schema.
 *  @param variables values for `${NAME}` in any text of the file; an unknown name is a problem of its line.
 *  @throws CutoverError `code` with every problem as file:line, place and what is expected. */
export function readYaml<S extends z.ZodType>(
  path: string,
  schema: S,
  code: ErrorCode,
  variables: Record<string, string | undefined> = {},
  alsoWrong: AlsoWrong = () => [],
): YamlFile<z.infer<S>> {
  const text = readText(path, code);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const problems: YamlProblem[] = document.errors.map((error) => ({
    line: error.linePos?.[0].line ?? 1,
    place: '',
    // The library ends with the place, which stands before already.
    problem: (error.message.split('\n')[0] ?? error.code).replace(/ at line \d+, column \d+:$/, ''),
  }));
  if (problems.length) throw invalid(path, code, problems);
  // What the environment lacks comes last: it must not crowd out what is wrong in the file.
  const unset: YamlProblem[] = [];
  const filled = fillVariables(document.toJS(), variables, [], (at, name) =>
    unset.push({ ...placeOf(document, lines, at), problem: `\${${name}} has no value` }),
  );
  const parsed = schema.safeParse(filled, { error: expectedWords });
  for (const issue of parsed.error?.issues ?? [])
    for (const said of sayIssue(issue, filled))
      problems.push({ ...placeOf(document, lines, said.path), problem: said.problem });
  if (parsed.error || unset.length)
    // What has no value yet is said of its own line.
    for (const { at, problem } of alsoWrong(filled, parsed.error?.issues ?? []))
      if (!problem.includes('${')) problems.push({ line: placeOf(document, lines, at).line, place: '', problem });
  problems.push(...unset);
  if (problems.length || !parsed.success) throw invalid(path, code, problems);
  return { value: parsed.data, text, path };
}

/** The refusal of a file for what a schema cannot say. @param problems each with the path of its entry in the file */
export function refuseEntries(
  path: string,
  code: ErrorCode,
  problems: { at: (string | number)[]; problem: string }[],
): CutoverError {
  const lines = new LineCounter();
  const document = parseDocument(readText(path, code), { lineCounter: lines });
  return invalid(
    path,
    code,
    problems.map(({ at, problem }) => ({ line: placeOf(document, lines, at).line, place: '', problem })),
  );
}

function readText(path: string, code: ErrorCode): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new CutoverError(
      {
        code,
        message: `${path} cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'error'}.`,
        advice: 'Check the path and that this account may read the file.',
        facts: { file: path },
      },
      { cause: error },
    );
  }
}

/** `${NAME}` from the given variables. Other `${…}` (lower case, dotted) belong to flows and commands and are left. */
function fillVariables(
  value: unknown,
  variables: Record<string, string | undefined>,
  at: (string | number)[],
  missing: (at: (string | number)[], name: string) => void,
): unknown {
  if (typeof value === 'string')
    return value.replace(/\$\{([A-Z_][A-Z0-9_]*)\}/g, (whole, name: string) => {
      const filled = variables[name];
      if (filled === undefined) missing(at, name);
      return filled ?? whole;
    });
  if (Array.isArray(value)) return value.map((item, index) => fillVariables(item, variables, [...at, index], missing));
  if (value && typeof value === 'object')
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [key, fillVariables(member, variables, [...at, key], missing)]),
    );
  return value;
}

/** The line of a path; of its nearest parent when the path itself is missing. */
function placeOf(document: Document, lines: LineCounter, path: (string | number)[]): { line: number; place: string } {
  for (let length = path.length; length >= 0; length -= 1) {
    const offset = offsetOf(document, path.slice(0, length));
    if (offset !== null) return { line: lines.linePos(offset).line, place: path.join('.') };
  }
  return { line: 1, place: path.join('.') };
}

function offsetOf(document: Document, path: (string | number)[]): number | null {
  if (path.length) {
    const parent = document.getIn(path.slice(0, -1), true);
    if (isMap(parent)) {
      const pair = parent.items.find((item) => isPair(item) && String(item.key) === String(path.at(-1)));
      const key = pair?.key as Node | undefined;
      if (key?.range) return key.range[0];
    }
  }
  const node = document.getIn(path, true) as Node | undefined;
  return node?.range ? node.range[0] : null;
}

function invalid(path: string, code: ErrorCode, problems: YamlProblem[]): CutoverError {
  const shown = problems
    .slice(0, 5)
    // The path once: five findings with it are a wall of it.
    .map(
      ({ line, place, problem }, at) => `${at ? 'line ' : `${path}:`}${line} ${place ? `${place}: ` : ''}${problem}`,
    );
  const more = problems.length > 5 ? ` (${problems.length - 5} more)` : '';
  return new CutoverError({
    code,
    // A line each where it is printed; on a page the break is a blank.
    message: `${shown.join(';\n  ')}${more}.`,
    advice: 'Mend the named lines; the JSON Schema beside the shipped files tells an editor what is expected.',
    facts: { file: path, problems },
  });
}
