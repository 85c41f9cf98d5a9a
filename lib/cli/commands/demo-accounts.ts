import { createDemoPeople, demoOn } from '@/lib/auth/demo-people';
import { CutoverError } from '@/lib/errors';
import { exitCodes, type Command } from '@/lib/cli/command';

export const demoAccounts: Command = {
  summary: 'make the people of the demo (only with CUTOVER_DEMO=1 on loopback)',
  async run(_, output) {
    if (!demoOn())
      throw new CutoverError({
        code: 'role_missing',
        message: 'Demo accounts have public passwords and exist only in the demo.',
        advice: 'Use npm run demo, or make people on the admin page.',
      });
    const people = await createDemoPeople();
    for (const { email, password, does } of people) output.line(`${email}  ${password}  ${does}`);
    output.result({ people: people.map(({ email, name, roles, password }) => ({ email, name, roles, password })) });
    return exitCodes.done;
  },
};
