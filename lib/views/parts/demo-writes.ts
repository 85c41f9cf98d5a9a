import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

type Counters = { acknowledged: number; failed: number; held: number };
export type DemoWrites = { acknowledged: string; failed: string };

/** What the demo's users have written so far, summed over their own counter files; null where no users are. */
export function readDemoWrites(home = process.env.CUTOVER_HOME): DemoWrites | null {
  const folder = path.join(home ?? '', 'users');
  const files = home ? listed(folder).filter((name) => name.endsWith('.json')) : [];
  if (files.length === 0) return null;
  let acknowledged = 0;
  let failed = 0;
  for (const file of files) {
    const counted = counters(path.join(folder, file));
    acknowledged += counted.acknowledged;
    failed += counted.failed;
  }
  return { acknowledged: String(acknowledged), failed: String(failed) };
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // No users were ever started here.
    return [];
  }
}

/** The files are replaced by rename, so one is whole or gone for a moment. */
function counters(file: string): Counters {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Counters;
  } catch {
    return { acknowledged: 0, failed: 0, held: 0 };
  }
}
