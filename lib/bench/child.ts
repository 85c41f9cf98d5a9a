import { dirname } from 'node:path';
import { diffRows, importRows, sourceScope, targetPlace } from '@/lib/dataplane';

/** One measurement of ours in a process of its own: seconds without its start, and the most memory it ever held. */
export type Order = {
  what: 'import' | 'diff';
  source: string;
  dsn: string;
  schema: string;
  /** Kills itself after so many commits; 0 = never. */
  killAfterCommits: number;
};
export type Outcome = {
  seconds: number;
  cpuSeconds: number;
  peakMegabytes: number;
  told: Record<string, string | number>;
};

const order = JSON.parse(process.argv[2] ?? '') as Order;
const common = {
  source: { path: order.source, allowedRoots: [dirname(order.source)] },
  scope: sourceScope('bench', {}),
  place: targetPlace(order.dsn, 'bench', { schema: order.schema, shared_tables: {} }),
  rules: [],
  signal: new AbortController().signal,
};
let commits = 0;
async function failpoint(name: string): Promise<void> {
  if (name !== 'import:after-commit') return;
  commits += 1;
  if (commits === order.killAfterCommits) process.kill(process.pid, 'SIGKILL');
}

async function work(): Promise<Outcome['told']> {
  if (order.what === 'diff') {
    const diff = await diffRows({ ...common, holdsAt: 'bench' });
    const { equal, differing, missing, extra } = diff;
    return { equal, differing, missing, extra };
  }
  const report = await importRows({ ...common, cutoverId: order.schema, epoch: 1, sourceDigest: 'bench', failpoint });
  return { rows: report.rows, batches: report.batches, kept: report.keptRows, commits };
}

const started = performance.now();
const told = await work();
const seconds = (performance.now() - started) / 1000;
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
const outcome: Outcome = {
  seconds,
  cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
  peakMegabytes: maxRSS / 1024,
  told,
};
process.stdout.write(JSON.stringify(outcome));
