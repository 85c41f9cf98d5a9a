import { say } from './say.mjs';
import { serve } from './serve.mjs';
import { onStop } from './stopping.mjs';

/** The demo fleet (or one's own) with pages that reload at an edit and a worker that restarts. */
export async function dev(fleetArgument) {
  const served = await serve({ demo: !fleetArgument && !process.env.CUTOVER_FLEET, dev: true, fleetArgument });
  if (served.running) return 0;
  const { watchBundles } = await import('./bundle.mjs');
  let first = true;
  onStop(
    await watchBundles(() => {
      if (!first) {
        say('  worker: bundled again, restarting');
        served.console.process('worker').restart();
      }
      first = false;
    }),
  );
  return new Promise(() => {});
}
