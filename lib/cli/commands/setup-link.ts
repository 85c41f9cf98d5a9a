import { makeSetupToken, setupOpen } from '@/lib/auth/setup-token';
import { exitCodes, type Command } from '@/lib/cli/command';

export const setupLink: Command = {
  summary: 'print the one-time link that makes the first admin',
  async run(argv, output) {
    if (argv.includes('--if-needed') && !(await setupOpen())) {
      output.result({ needed: false });
      return exitCodes.done;
    }
    const { link, expiresAt } = await makeSetupToken();
    output.line(link);
    output.result({ needed: true, link, expiresAt: expiresAt.toISOString() });
    return exitCodes.done;
  },
};
