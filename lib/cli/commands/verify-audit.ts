import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { CutoverError } from '@/lib/errors';
import { exitCodes, type Command } from '@/lib/cli/command';

/** Hands over to the standalone verifier, which shares no code with the console. */
export const verifyAudit: Command = {
  summary: 'verify an exported audit log (NDJSON) without a server: verify-audit FILE [CHECKPOINTS]',
  async run(argv) {
    if (!argv[0])
      throw new CutoverError({
        code: 'input_invalid',
        message: 'No file is named.',
        advice: 'Usage: cutover verify-audit audit.ndjson',
      });
    const { status } = spawnSync(process.execPath, [path.resolve('lib/audit/verify-file.mjs'), ...argv], {
      stdio: 'inherit',
    });
    return status === 0 ? exitCodes.done : exitCodes.failed;
  },
};
