import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CutoverError } from '@/lib/errors';
import { loadFleet } from './load';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'fleet-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const good = (root: string) => `environment: test
allowed_roots: [${root}]
systems:
  - name: sx
    title: sx
    services:
      - name: api
        instances: [http://127.0.0.1:8123]
        env_file: ${root}/api.env
        env_allow: [SX_DB_BACKEND_MODE]
        log_file: ${root}/api.log
        restart: { kind: managed, argv: [node, service.mjs], cwd: ${root} }
        observe: { path: /health, mode: backend.backend, modes: { sqlite: SQLITE, postgres_primary: POSTGRES_PRIMARY } }
        mode_variable: SX_DB_BACKEND_MODE
    profiles:
      - source_id: assets_1
        service: api
        source: { kind: sqlite-file, path: ${root}/one.sqlite, scope_column: source_id }
        target: { dsn_env: SX_POSTGRES_DSN, schema: sx_assets_1 }
        runbook: sx-postgres-primary
      - source_id: assets_2
        service: api
        source: { kind: sqlite-file, path: ${root}/one.sqlite, scope_column: source_id }
        target: { dsn_env: SX_POSTGRES_DSN, schema: sx_assets_2 }
        runbook: sx-postgres-primary
`;

function failureOf(text: string): CutoverError {
  const file = path.join(folder, 'bad.yaml');
  writeFileSync(file, text);
  try {
    loadFleet(file);
  } catch (error) {
    expect(error).toBeInstanceOf(CutoverError);
    return error as CutoverError;
  }
  throw new Error('the file was accepted');
}

describe('a fleet file', () => {
  it('loads with its runbook and knows who shares a service and a source file', () => {
    const file = path.join(folder, 'fleet.yaml');
    writeFileSync(file, good(folder));
    const found = loadFleet(file).find('sx', 'assets_1');
    expect(found.service?.name).toBe('api');
    expect(found.neighbours.map(({ profile, shares }) => [profile.source_id, shares])).toEqual([
      ['assets_2', ['service', 'source_file']],
    ]);
    expect(loadFleet(file).runbook('sx-postgres-primary').runbook.to).toBe('POSTGRES_PRIMARY');
  });

  it.each([
    [
      'an unknown key',
      (text: string) => text.replace('    title: sx', '    titel: sx'),
      /bad\.yaml:4 .*;\n {2}line 5 systems\.0\.titel: unknown key 'titel'/,
    ],
    [
      'a key that is not there',
      (text: string) => text.replace(/allowed_roots: .*\n/, ''),
      /bad\.yaml:1 allowed_roots: is missing, expected: a list/,
    ],
    [
      'a wrong type',
      (text: string) => text.replace('[http://127.0.0.1:8123]', '[8123]'),
      /bad\.yaml:8 systems\.0\.services\.0\.instances\.0: is the number 8123, expected: text/,
    ],
    [
      'an entry of which there are several kinds',
      (text: string) => text.replace('kind: managed', 'kind: magic'),
      /bad\.yaml:12 systems\.0\.services\.0\.restart\.kind: is 'magic', expected: one of managed, command/,
    ],
    [
      'what may be a list or a group of keys',
      (text: string) => text.replace('kind: managed,', 'kind: managed, env_secrets: 7,'),
      /env_secrets: is the number 7, expected: a list or a group of keys/,
    ],
    [
      'an empty list and a path of the wrong form',
      (text: string) => text.replace('[SX_DB_BACKEND_MODE]', '[]').replace('path: /health', 'path: health'),
      /env_allow: is an empty list, expected: at least 1 entry;\n.*observe\.path: is 'health', expected: text that begins with \//,
    ],
    [
      'a name that is none, without the password in it',
      (text: string) => text.replace('dsn_env: SX_POSTGRES_DSN', "dsn_env: 'postgres://me:s3cret@host/db'"),
      /dsn_env: is '(?!.*s3cret).*, expected: an environment variable name, e\.g\. SX_POSTGRES_DSN/,
    ],
    ['broken YAML', (text: string) => `${text}\n   - : [`, /bad\.yaml:2\d /],
    [
      'a repeated key',
      (text: string) => text.replace('    title: sx', '    title: sx\n    title: sy'),
      /bad\.yaml:6 Map keys must be unique/,
    ],
    [
      'a profile of an unknown service',
      (text: string) => text.replace('service: api', 'service: apo'),
      /bad\.yaml:\d\d system 'sx': profile 'assets_1' names service 'apo', which is not there; there is api/,
    ],
    [
      'a source outside the allowed roots',
      (text: string) => text.replace(/path: \S+one\.sqlite/, 'path: /etc/passwd'),
      /\/etc\/passwd is under no allowed root/,
    ],
    [
      'a twin profile',
      (text: string) => text.replace('source_id: assets_2', 'source_id: assets_1'),
      /profile 'assets_1' stands twice/,
    ],
    [
      'an unset variable',
      (text: string) => text.replace(/log_file: \S+/, 'log_file: ${NOT_SET_ANYWHERE}/x.log'),
      /bad\.yaml:11 .*\$\{NOT_SET_ANYWHERE\} has no value/,
    ],
    [
      'an unknown runbook',
      (text: string) => text.replace('runbook: sx-postgres-primary', 'runbook: nope'),
      /bad\.yaml:\d\d system 'sx': profile 'assets_1': there is no runbook 'nope'; name one of .*sx-postgres-primary/,
    ],
  ])('names file, line and way out for %s', (_, spoil, message) => {
    const failure = failureOf(spoil(good(folder)));
    expect(failure.message).toMatch(message);
    expect(failure.advice).not.toBe('');
  });

  it('says every mistake on a line of its own, with its line, and what the environment lacks last', () => {
    const text = good(folder)
      .replace('service: api', 'service: apo')
      .replace('runbook: sx-postgres-primary', 'runbook: nope');
    const lineOf = (words: string) => text.split('\n').findIndex((line) => line.includes(words)) + 1;
    expect(failureOf(text).message.split('\n')).toEqual([
      expect.stringMatching(new RegExp(`bad\\.yaml:${lineOf('service: apo')} .*'apo'.*;$`)),
      expect.stringMatching(new RegExp(`^ {2}line ${lineOf('runbook: nope')} .*'nope'`)),
    ]);
    const unset = good(folder)
      .replace(/log_file: \S+/, 'log_file: ${NOT_SET_ANYWHERE}/x.log')
      .replace('runbook: sx-postgres-primary', 'runbok: sx-postgres-primary');
    expect(failureOf(unset).message.split('\n').at(-1)).toContain('${NOT_SET_ANYWHERE} has no value');
  });

  it('says cross mistakes beside those of the schema, and none that only another mistake makes', () => {
    const text = good(folder)
      .replace(
        'service: api\n        source: { kind: sqlite-file, path',
        'service: gone\n        source: { kind: sqlite-file, path',
      )
      .replace('restart: { kind: managed,', 'restart: { kind: by-hand,');
    const { message } = failureOf(text);
    expect(message).toContain("names service 'gone', which is not there");
    expect(message).toContain('restart');
    // The second profile names a service that is in the file, although that did not parse.
    expect(message).not.toContain("names service 'api'");
  });
  it('says which file is missing', () => {
    expect(() => loadFleet(path.join(folder, 'absent.yaml'))).toThrow(/absent\.yaml cannot be read: ENOENT/);
  });

  it('keeps the shipped runbook valid', () => {
    expect(readFileSync('lib/runbooks/sx-postgres-primary.yaml', 'utf8')).toContain('name: sx-postgres-primary');
  });
});
