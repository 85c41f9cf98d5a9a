import { getDb } from '@/db/client';
import type { SessionContext } from '@/lib/auth/actor';
import { personByEmail } from '@/lib/auth/create-person';
import { makeResetLink } from '@/lib/auth/reset-password';
import { exitCodes, readOptions, type Command } from '@/lib/cli/command';
import { CutoverError } from '@/lib/errors';

const usage = 'cutover password-link E-MAIL';

/** Who may run commands in the data folder owns the console anyway; the audit entry says that it was done from the host. */
const thisHost = (): SessionContext => ({
  actor: { id: 'system', name: 'this host', email: '', roles: ['admin'] },
  session: { id: 'command line', createdAt: new Date() },
  db: getDb(),
});

/** The way back in when the only admin has lost the password. */
export const passwordLink: Command = {
  summary: 'print a one-time link by which a person sets a new password: E-MAIL',
  help: `Usage: ${usage}\n\nThe link holds for an hour, once. Every session of the person ends now.`,
  async run(argv, output) {
    const { positionals } = readOptions(argv, {}, usage);
    const [email] = positionals;
    if (!email || positionals.length > 1)
      throw new CutoverError({
        code: 'input_invalid',
        message: 'A password link takes the e-mail address of one person.',
        advice: `Usage: ${usage}`,
      });
    const personId = await personByEmail(email);
    if (!personId)
      throw new CutoverError({
        code: 'person_unknown',
        message: `Nobody has the e-mail address ${email}.`,
        advice: 'Look at the Admin page for the address.',
      });
    const { link, name } = await makeResetLink({ ctx: thisHost(), input: { personId } });
    output.line(link);
    output.result({ link, name });
    return exitCodes.done;
  },
};
