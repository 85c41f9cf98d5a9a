import { CutoverError } from '@/lib/errors';
import { controlPlaneUrl } from './client';
import { migrateControlPlane } from './migrate';

try {
  const { instance, schemaLevel, applied } = await migrateControlPlane(controlPlaneUrl());
  process.stdout.write(`${JSON.stringify({ instance, schemaLevel, applied })}\n`);
} catch (thrown) {
  if (!(thrown instanceof CutoverError)) throw thrown;
  process.stderr.write(`${thrown.message} ${thrown.advice} ${thrown.code}\n`);
  process.exitCode = 2;
}
