import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { renderDdl } from '@/lib/steps/parts/contract';
import { shapeAfter } from '../parts/fixture';
import { globalStatements, sourceStatements } from './ddl.mjs';

const SHAPE = `SELECT format('%s.%s.%s %s %s %s', table_schema, table_name, column_name, data_type, is_nullable, column_default) AS line
    FROM information_schema.columns WHERE table_schema IN ('public', 'sx_assets_1')
  UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname IN ('public', 'sx_assets_1')
  UNION ALL SELECT format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint
    WHERE connamespace IN ('public'::regnamespace, 'sx_assets_1'::regnamespace) ORDER BY 1`;

const shapeOf = (statements: string[]) => shapeAfter(statements, SHAPE);

it('makes exactly the tables that the runbook’s contract names', async () => {
  const contract = readFileSync(join(import.meta.dirname, '../../../lib/runbooks/contracts/sx.sql'), 'utf8');
  const wanted = await shapeOf(renderDdl(contract, 'sx_assets_1'));
  const made = await shapeOf([...globalStatements('sx_source_registry'), ...sourceStatements('sx_assets_1')]);
  expect(wanted.length).toBeGreaterThan(80);
  expect(made).toEqual(wanted);
});
