import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderFleet } from '@/e2e/fleet/write-fleet.mjs';
import { tempDir } from './databases';

/** The demo's fleet file with one profile of one system alone, as the fleet of this process.
 *  @param profile what that system's fragment fills in; its service need not run */
export function nameFleetOf(folder: string, profile: { id: string; service: string } & Record<string, string>): void {
  const home = tempDir(`fleet-${folder}`);
  const systems = [{ folder, profiles: [profile] }];
  const ports = { [profile.service]: 20_001 };
  process.env.CUTOVER_FLEET = join(home, 'fleet.yaml');
  writeFileSync(
    process.env.CUTOVER_FLEET,
    renderFleet({ systems, ports, home, repo: process.cwd(), node: process.execPath }),
  );
}
