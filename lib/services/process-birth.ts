import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

/** When a process was born, as its system tells it; null when it is gone or a zombie. A pid alone proves nothing: it is used again. */
export function birthOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? null);
  } catch (thrown) {
    if (process.platform === 'linux') return null;
    return birthFromPs(pid, thrown);
  }
}

function birthFromPs(pid: number, _cause: unknown): string | null {
  try {
    const [state, ...started] = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' })
      .trim()
      .split(/\s+/);
    return !state || state.startsWith('Z') ? null : started.join(' ');
  } catch {
    return null;
  }
}

export const isAlive = (pid: number, birth: string): boolean => birthOf(pid) === birth;

/** Paths a process and its children hold open right now; null where the system does not tell. */
export function openFilesOf(pid: number): string[] | null {
  if (process.platform !== 'linux') return null;
  const paths = new Set<string>();
  for (const id of [pid, ...childrenOf(pid)]) {
    let names: string[];
    try {
      names = readdirSync(`/proc/${id}/fd`);
    } catch {
      if (id === pid) return null;
      continue;
    }
    for (const name of names) {
      try {
        paths.add(readlinkSync(`/proc/${id}/fd/${name}`));
      } catch {
        /* closed between listing and reading */
      }
    }
  }
  return [...paths];
}

/** Names of the variables a process was started with; null where the system does not tell. Values are not read. */
export function environNamesOf(pid: number): string[] | null {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1')
      .split('\0')
      .flatMap((entry) => (entry.includes('=') ? [entry.slice(0, entry.indexOf('='))] : []));
  } catch {
    return null;
  }
}

function childrenOf(pid: number): number[] {
  try {
    const own = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    const ids = own ? own.split(' ').map(Number) : [];
    return ids.flatMap((id) => [id, ...childrenOf(id)]);
  } catch {
    return [];
  }
}
