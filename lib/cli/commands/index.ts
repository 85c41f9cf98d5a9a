import type { Command } from '@/lib/cli/command';
import { check } from './check';
import { checkFleet } from './check-fleet';
import { demoAccounts } from './demo-accounts';
import { diff } from './diff';
import { exportCommand } from './export';
import { importCommand } from './import';
import { passwordLink } from './password-link';
import { logs } from './logs';
import { plan } from './plan';
import { rollback } from './rollback';
import { run } from './run';
import { setupLink } from './setup-link';
import { status } from './status';
import { validate } from './validate';
import { verifyAudit } from './verify-audit';

export const commands: Record<string, Command> = {
  check,
  'check-fleet': checkFleet,
  plan,
  run,
  diff,
  status,
  export: exportCommand,
  import: importCommand,
  validate,
  logs,
  rollback,
  'verify-audit': verifyAudit,
  'setup-link': setupLink,
  'password-link': passwordLink,
  'demo-accounts': demoAccounts,
};
