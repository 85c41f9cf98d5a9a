import type { ScriptCheck } from '@/lib/fleet/flow-schema';
import { CutoverError } from '@/lib/errors';
import { commandArgv, commandCwd, commandEnv } from '@/lib/services/service-command';
import { runArgv } from '@/lib/services/restart';
import type { CheckKind, Probe } from './check';
import { match } from './match';
import { substitute, substituteKnown } from './substitute';

/** Runs a command that the fleet file names, and holds its exit code and output against the flow. */
export const check: CheckKind<ScriptCheck> = {
  kind: 'script',
  describe: (check, names) => ({
    on: 'service',
    effect: 'read',
    text: [check.command, ...substituteKnown(check.args, names)].join(' '),
  }),
  async run(check, names, place) {
    const argv = [...commandArgv(place.service, check.command, names), ...substitute(check.args, names).map(String)];
    try {
      const ended = await runArgv(argv, {
        cwd: commandCwd(place.service),
        env: commandEnv(place.service, check.command, place.secret),
        seconds: check.timeout_seconds,
        signal: place.signal,
        onLine: (line) => place.log('debug', line),
      });
      const right = check.must_fail ? ended.code !== 0 : ended.code === check.expect.exit;
      const probes: Probe[] = [
        {
          what: argv.join(' '),
          expected: check.must_fail ? 'refused' : `exit code ${check.expect.exit}`,
          got: `exit code ${ended.code ?? 'none'}${right ? '' : endOf(ended.output)}`,
          passed: right,
        },
      ];
      if (check.expect.output !== undefined)
        probes.push({ what: 'output', ...match(ended.stdout, substitute(check.expect.output, names)) });
      return { passed: probes.every((probe) => probe.passed), probes, captured: {} };
    } catch (thrown) {
      place.signal.throwIfAborted();
      const got = thrown instanceof CutoverError ? thrown.message : String(thrown);
      return {
        passed: false,
        captured: {},
        probes: [{ what: argv.join(' '), expected: 'an end', got, passed: false }],
      };
    }
  },
};

/** The end of what a command said, where it failed: there it says why. */
function endOf(output: string): string {
  const text = output.trim();
  if (!text) return ', and said nothing';
  return `: ${text.length > mostChars ? `…${text.slice(-mostChars)}` : text}`;
}

const mostChars = 400;
