import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { consoleEnv } from './console-env.mjs';
import { root } from './home.mjs';
import { builtFile } from './prepare.mjs';
import { runShort } from './run-short.mjs';
import { NeedsPerson } from './say.mjs';

/** What the command line says of a fleet file, as console and worker will read it. Reaches nothing outside the files.
 *  @returns {Promise<{ right: boolean, said: string }>} */
function checkFleetFile({ home, fleet, cli = builtFile('cli') }) {
  const argv = [process.execPath, cli, 'check-fleet', fleet];
  return runShort({ argv, cwd: root, env: consoleEnv({ home, fleet }) }).then(
    (said) => ({ right: true, said: said.trim() }),
    (error) => ({ right: false, said: error.message.trim() }),
  );
}

/** Nothing is under way in a folder that has no control plane yet: there a mistake is mended before anything starts. Elsewhere
 *  the console starts all the same, since a mistake in the file stops no cutover that is under way.
 *  @throws NeedsPerson with file, line and what is expected */
export async function requireFleetFile(options) {
  const checked = await checkFleetFile(options);
  const first = !options.databaseUrl && !existsSync(join(options.home, 'control'));
  if (!checked.right && first)
    throw new NeedsPerson(`The fleet file has a mistake; nothing was started.\n${checked.said}`);
  return checked;
}
