import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findNodeHeaders } from '@/lib/launcher/node-headers.mjs';
import { tempDir } from '@/lib/testing/databases';

it('takes headers that lie beside Node only when they are of the same version', () => {
  const prefix = tempDir('node');
  const include = join(prefix, 'include', 'node');
  const executable = join(prefix, 'bin', 'node');
  mkdirSync(include, { recursive: true });
  mkdirSync(join(prefix, 'bin'));
  writeFileSync(executable, '');
  expect(findNodeHeaders(executable, '20.19.4')).toBeNull();
  writeFileSync(
    join(include, 'node_version.h'),
    '#define NODE_MAJOR_VERSION 20\n#define NODE_MINOR_VERSION 19\n#define NODE_PATCH_VERSION 4\n',
  );
  expect(findNodeHeaders(executable, '20.19.4')).toBe(prefix);
  expect(findNodeHeaders(executable, '20.20.0')).toBeNull();
});
