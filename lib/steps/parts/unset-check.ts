import type { ServiceEntry } from '@/lib/fleet/schema';
import { readEnvFile } from '@/lib/services/env-file';
import { runningProcess } from '@/lib/services/managed-process';
import { environNamesOf } from '@/lib/services/process-birth';
import { checkpoint } from './checkpoint';

/** Variables that were taken away are in neither the env file nor the running process. Values are never read. */
export function unsetCheckpoint(service: ServiceEntry, unset: readonly string[]) {
  const { values } = readEnvFile(service.env_file);
  const running = service.restart.kind === 'managed' ? runningProcess(service.name) : null;
  const inProcess = running ? environNamesOf(running.pid) : null;
  const probes = unset.flatMap((name) => [
    probe(`${name} in ${service.env_file}`, Object.hasOwn(values, name)),
    ...(inProcess ? [probe(`${name} in the environment of pid ${running?.pid}`, inProcess.includes(name))] : []),
  ]);
  const left = probes.filter(({ passed }) => !passed).map(({ what }) => what);
  return checkpoint(`unset-${service.name}`, `${unset.join(', ')} is unset`, left.length === 0, {
    summary: left.length
      ? `still set: ${left.join('; ')}`
      : `not in the env file${inProcess ? ' nor in the running process' : '; the process is not the console\u2019s, so its own environment is not read'}`,
    probes,
  });
}

const probe = (what: string, set: boolean) => ({
  what,
  expected: 'not set',
  got: set ? 'set' : 'not set',
  passed: !set,
});
