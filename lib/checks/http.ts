import type { HttpCheck } from '@/lib/fleet/flow-schema';
import { CutoverError } from '@/lib/errors';
import { callService, callUrl, type HttpAnswer, type HttpCall } from '@/lib/services/http';
import { readPath } from '@/lib/services/json-path';
import type { CheckKind, Probe } from './check';
import { match } from './match';
import { type Names, substitute, substituteKnown } from './substitute';

const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

/** Asks the service and holds its answer against status, headers and JSON paths. */
export const check: CheckKind<HttpCheck> = {
  kind: 'http',
  describe(check, names) {
    const body = check.json === undefined ? '' : ` ${JSON.stringify(substituteKnown(check.json, names))}`;
    const query = new URLSearchParams(substituteKnown(check.query, names)).toString();
    const rows = check.writes.map(
      (row) => `writes ${row.table} ${JSON.stringify(substituteKnown(row.key, names))}, put back afterwards`,
    );
    const made = check.makes.map(
      (row) =>
        `makes rows of ${row.table} with ${JSON.stringify(substituteKnown(row.where, names))}, deleted afterwards`,
    );
    return {
      on: 'service',
      effect: check.method === 'GET' ? 'read' : 'write',
      text: [
        `${check.method} ${substituteKnown(check.path, names)}${query ? `?${decodeURIComponent(query)}` : ''}${body}`,
        ...rows,
        ...made,
      ].join('\n'),
    };
  },
  async run(check, names, place) {
    const call = callOf(check, names, place.headers);
    const writes = check.writes.map((row) => substitute(row, names));
    if (writes.length) await place.keep(writes);
    if (check.makes.length) await place.made(substitute(check.makes, names));
    const said = `${call.method} ${callUrl(place.url, call).pathname}${callUrl(place.url, call).search}`;
    try {
      const answer = await callService(place.url, call, {
        maxBytes: MAX_ANSWER_BYTES,
        timeoutMs: 15_000,
        signal: place.signal,
      });
      if (writes.length) await place.written(writes);
      return judge(check, names, said, answer);
    } catch (thrown) {
      place.signal.throwIfAborted();
      if (writes.length) await place.written(writes);
      const got = thrown instanceof CutoverError ? thrown.message : String(thrown);
      return { passed: false, captured: {}, probes: [{ what: said, expected: 'an answer', got, passed: false }] };
    }
  },
};

function callOf(check: HttpCheck, names: Names, own: Record<string, string>): HttpCall & { method: string } {
  const headers = new Map(Object.entries(own).map(([name, value]) => [name.toLowerCase(), value]));
  for (const [name, value] of Object.entries(substitute(check.headers, names))) {
    if (value === null) headers.delete(name.toLowerCase());
    else headers.set(name.toLowerCase(), String(value));
  }
  return {
    method: check.method,
    path: pathOf(check.path, names),
    query: substitute(check.query, names),
    headers: Object.fromEntries(headers),
    json: check.json === undefined ? undefined : substitute(check.json, names),
  };
}

/** A captured value is one segment of the path, whatever it holds. */
function pathOf(path: string, names: Names): string {
  const encoded: Names = Object.fromEntries(
    Object.entries(names).map(([name, value]) => [name, encodeURIComponent(String(value))]),
  );
  return String(substitute(path, encoded));
}

function judge(
  check: HttpCheck,
  names: Names,
  said: string,
  answer: HttpAnswer,
): { passed: boolean; probes: Probe[]; captured: Names } {
  const wanted = [check.expect.status].flat();
  const refused = !check.must_fail || answer.status >= 400;
  const probes: Probe[] = [
    {
      what: said,
      expected: check.must_fail ? `refused with ${wanted.join(' or ')}` : `status ${wanted.join(' or ')}`,
      got: `status ${answer.status} in ${answer.ms} ms${answer.status >= 400 ? `: ${answer.text.slice(0, 200)}` : ''}`,
      passed: wanted.includes(answer.status) && refused,
    },
  ];
  for (const [name, matcher] of Object.entries(substitute(check.expect.headers, names))) {
    probes.push({ what: `header ${name}`, ...match(answer.headers[name.toLowerCase()], matcher) });
  }
  for (const [path, matcher] of Object.entries(substitute(check.expect.json, names))) {
    probes.push({ what: path, ...match(readPath(answer.json, path), matcher) });
  }
  for (const text of substitute(check.expect.lacks, names)) {
    const there = answer.text.includes(String(text));
    probes.push({
      what: `the answer lacks ${JSON.stringify(text)}`,
      expected: 'absent',
      got: there ? 'it is there' : 'absent',
      passed: !there,
    });
  }
  const captured = capture(check.capture, answer, probes);
  return { passed: probes.every((probe) => probe.passed), probes, captured };
}

function capture(wanted: Record<string, string>, answer: HttpAnswer, probes: Probe[]): Names {
  const captured: Names = {};
  for (const [name, path] of Object.entries(wanted)) {
    const value = path.startsWith('header:')
      ? answer.headers[path.slice(7).toLowerCase()]
      : readPath(answer.json, path);
    if (value === null || ['string', 'number', 'boolean'].includes(typeof value))
      captured[name] = value as Names[string];
    else probes.push({ what: `capture ${name} from ${path}`, expected: 'a value', got: 'absent', passed: false });
  }
  return captured;
}
