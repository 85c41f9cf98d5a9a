import { expect, it } from 'vitest';
import type { SessionContext } from '@/lib/auth/actor';
import { CutoverError } from '@/lib/errors';
import { tempDir } from '@/lib/testing/databases';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { isUnknown } from './answer';
import { buildRunbook } from './runbook';

it('tells a runbook that nobody knows from one that cannot be read', async () => {
  const folder = tempDir('runbook-view');
  const fleet = path.join(folder, 'fleet.yaml');
  writeFileSync(
    fleet,
    `environment: test\nallowed_roots: [${folder}]\nrunbooks: [broken.yaml]\nsystems:\n  - name: own\n    title: Own\n    profiles:\n      - source_id: a\n        source: { kind: sqlite-file, path: ${folder}/a.db }\n        target: { dsn_env: T, schema: a }\n        runbook: sqlite-to-postgres\n`,
  );
  writeFileSync(path.join(folder, 'broken.yaml'), 'name: broken\n');
  process.env.CUTOVER_FLEET = fleet;
  const failure = (name: string) =>
    buildRunbook({} as SessionContext, { name }).catch((thrown: unknown) => thrown as CutoverError);
  const unknown = await failure('nonsense');
  const broken = await failure('broken');
  expect([unknown, broken].map((one) => one instanceof CutoverError && [one.code, isUnknown(one)])).toEqual([
    ['runbook_unknown', true],
    ['runbook_invalid', false],
  ]);
});
