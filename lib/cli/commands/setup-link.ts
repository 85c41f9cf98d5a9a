import { makeSetupToken } from '@/lib/auth/setup-token';
import { exitCodes, type Command } from '@/lib/cli/command';

export const setupLink: Command = {
  summary: 'print the one-time link that makes the first admin',
  async run(_, output) {
    const { link, expiresAt } = await makeSetupToken();
    output.line(link);
    output.result({ link, expiresAt: expiresAt.toISOString() });
    return exitCodes.done;
  },
};
