import { randomUUID } from 'node:crypto';
import type { Metadata } from 'next';
import { moveFileAction } from '@/app/(console)/move/actions';
import { MoveFile } from '@/components/move/move-file';
import { requirePageSession } from '@/lib/auth/require-session';
import { buildMove } from '@/lib/views/move';

export const metadata: Metadata = { title: 'Move one file' };

export default async function MovePage() {
  const ctx = await requirePageSession();
  return <MoveFile initial={await buildMove(ctx)} action={moveFileAction} firstKey={randomUUID()} />;
}
