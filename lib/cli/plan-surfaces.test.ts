import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { renderFleet } from '@/e2e/fleet/write-fleet.mjs';
import { tempDir } from '@/lib/testing/databases';
import { plan } from './commands/plan';

describe('cutover plan SYSTEM/SOURCE_ID --surfaces A,B', () => {
  beforeAll(() => {
    const home = tempDir('plan-surfaces');
    const profile = { id: 'studio', service: 'orcheo-studio', tenant: 'studio', TENANT: 'STUDIO', title: 'Studio' };
    const file = join(home, 'fleet.yaml');
    writeFileSync(
      file,
      renderFleet({
        systems: [{ folder: 'orcheo', profiles: [profile] }],
        ports: { 'orcheo-studio': 20_001 },
        home,
        repo: process.cwd(),
        node: process.execPath,
      }),
    );
    process.env.CUTOVER_FLEET = file;
  });
  const said = async (...argv: string[]) => {
    const lines: string[] = [];
    let result: unknown;
    const code = await plan.run(argv, {
      json: false,
      line: (text) => void lines.push(text),
      result: (value) => {
        result = value;
      },
    });
    return { code, lines, result };
  };

  it('prints the steps of these surfaces alone, and which steps hold for all of them only', async () => {
    const { code, lines, result } = await said('orcheo/studio', '--surfaces', 'checkpoint, chatkit');
    expect(code).toBe(0);
    expect(lines[0]).toMatch(/for orcheo\/studio: checkpoint and chatkit\.$/);
    expect(result).toMatchObject({
      surfaces: ['checkpoint', 'chatkit'],
      leftOut: ['service-export', 'validate'],
      steps: expect.arrayContaining(['import', 'row-diff', 'switch']),
    });
    expect(lines.at(-1)).toContain('/cutovers/new?system=orcheo&source=studio');
  });

  it('refuses a name that is no surface with the names that are, and surfaces of a file', async () => {
    await expect(said('orcheo/studio', '--surfaces', 'vault')).rejects.toMatchObject({
      code: 'input_invalid',
      advice: 'Choose among: repository, checkpoint, chatkit, graph_store.',
    });
    await expect(said('./app.db', '--surfaces', 'chatkit')).rejects.toThrow(/A file has no surfaces/);
  });
});
