import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * When a process was born, as text to compare; null when it is gone. A pid alone proves nothing: numbers are used again.
 * A zombie counts as gone, since nobody may reap it for minutes where pid 1 does not.
 */
export function birthOf(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return null;
  if (process.platform === 'linux') return birthFromProc(pid);
  const ps = spawnSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  });
  const line = ps.status === 0 ? ps.stdout.trim() : '';
  if (!line || line.startsWith('Z')) return null;
  return line.replace(/^\S+\s+/, '');
}

function birthFromProc(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The command's name may hold spaces and brackets; the fields that matter follow the last bracket.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? null : fields[19];
  } catch {
    return null;
  }
}

/** @typedef {{ pid: number, birth: string | null }} ProcessRecord a process that others can recognise later */

/** @returns {ProcessRecord} */
export const self = () => ({ pid: process.pid, birth: birthOf(process.pid) });
/** @returns {ProcessRecord} */
export const identify = (pid) => ({ pid, birth: birthOf(pid) });

/** True while exactly this process lives. */
export const isAlive = (record) => Boolean(record?.birth) && birthOf(record.pid) === record.birth;

/** Sends a signal only if it is still that process. `group` reaches its whole process group. */
export function signal(record, name, { group = false } = {}) {
  if (!isAlive(record)) return false;
  try {
    process.kill(group ? -record.pid : record.pid, name);
    return true;
  } catch {
    return false;
  }
}

export const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Asks a process to end, and kills it after the grace; resolves when it is gone. */
export async function end(record, { graceSeconds = 5, group = false, first = 'SIGTERM' } = {}) {
  if (!signal(record, first, { group })) return;
  for (let waited = 0; waited < graceSeconds * 1000 && isAlive(record); waited += 50) await sleep(50);
  signal(record, 'SIGKILL', { group });
  for (let waited = 0; waited < 2000 && isAlive(record); waited += 50) await sleep(50);
}
