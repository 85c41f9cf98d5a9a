import { randomUUID } from 'node:crypto';
import type { Metadata } from 'next';
import { moveFileAction } from '@/app/(console)/move/actions';
import { MoveFile } from '@/components/move/move-file';
import { requirePageSession } from '@/lib/auth/require-session';
import { routes } from '@/lib/shared/routes';
import { buildMove } from '@/lib/views/move';

export const metadata: Metadata = { title: 'Move one file' };

export default async function MovePage() {
  const ctx = await requirePageSession(routes.move());
  return <MoveFile initial={await buildMove(ctx)} action={moveFileAction} firstKey={randomUUID()} />;
}
