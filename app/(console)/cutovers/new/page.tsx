import { randomUUID } from 'node:crypto';
import type { Metadata } from 'next';
import { NewCutover } from '@/components/cutovers/new-cutover';
import { requirePageSession } from '@/lib/auth/require-session';
import { buildNewCutover } from '@/lib/views/new-cutover';
import { planCutoverAction } from '@/app/(console)/cutovers/actions';

export const metadata: Metadata = { title: 'Plan a cutover' };

export default async function NewCutoverPage() {
  const ctx = await requirePageSession();
  return <NewCutover initial={await buildNewCutover(ctx)} action={planCutoverAction} firstKey={randomUUID()} />;
}
