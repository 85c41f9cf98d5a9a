import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { systemEntry } from '@/lib/fleet/schema';
import { renderDdl } from '@/lib/steps/parts/contract';
import { shapeAfter } from '../parts/fixture';
import { postgresStatements } from './ddl.mjs';

const read = (name: string) => readFileSync(join(import.meta.dirname, name), 'utf8');
const SHAPE = `SELECT format('%s.%s %s %s', table_name, column_name, data_type, is_nullable) AS line
    FROM information_schema.columns WHERE table_schema = 'oris_runtime'
  UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'oris_runtime'
  UNION ALL SELECT format('%s %s', conname, pg_get_constraintdef(oid)) FROM pg_constraint
    WHERE connamespace = 'oris_runtime'::regnamespace ORDER BY 1`;

const shapeOf = (statements: string[]) => shapeAfter(statements, SHAPE);

it('says its fleet entries in the form of a fleet file: live schemas, and a file that is still to be moved', () => {
  const filled = read('fleet.fragment.yaml')
    .replaceAll('{{port}}', '4000')
    .replaceAll(/\{\{[a-z]+\}\}/g, 'main');
  const { profiles } = systemEntry.parse(parse(filled));
  expect(profiles.map(({ source, runbook }) => [source.kind, runbook])).toEqual([
    ['target-schema', 'oris-backup-restore'],
    ['sqlite-file', 'oris-sqlite-to-postgres'],
  ]);
});

it('makes exactly the tables of the contract', async () => {
  const wanted = await shapeOf(renderDdl(readFileSync('lib/runbooks/contracts/oris.sql', 'utf8'), 'oris_runtime'));
  expect(wanted.length).toBeGreaterThan(18);
  expect(await shapeOf(postgresStatements('oris_runtime'))).toEqual(wanted);
});
