import type { Command } from '@/lib/cli/command';
import { demoAccounts } from './demo-accounts';
import { rollback } from './rollback';
import { setupLink } from './setup-link';
import { status } from './status';
import { verifyAudit } from './verify-audit';

export const commands: Record<string, Command> = {
  status,
  rollback,
  'verify-audit': verifyAudit,
  'setup-link': setupLink,
  'demo-accounts': demoAccounts,
};
