import { rmSync } from 'node:fs';
import { Cluster } from './cluster.mjs';

// Lives in a process group of its own and holds one channel to its maker. When the channel closes, by plan or by
// SIGKILL of the maker, the cluster ends with it.
let cluster = null;

process.on('message', async (options) => {
  cluster = new Cluster(options);
  try {
    await cluster.open();
    process.send({ dsn: cluster.dsn() });
  } catch (error) {
    process.send({ error: error.message });
  }
});

process.on('disconnect', () => {
  if (cluster) {
    cluster.stop('immediate');
    rmSync(cluster.dir, { recursive: true, force: true });
  }
  process.exit(0);
});
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => {});
