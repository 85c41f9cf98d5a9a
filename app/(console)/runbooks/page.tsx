import type { Metadata } from 'next';
import { Runbooks } from '@/components/runbooks/runbooks';
import { requirePageSession } from '@/lib/auth/require-session';
import { buildRunbooks } from '@/lib/views/runbooks';

export const metadata: Metadata = { title: 'Runbooks' };

export default async function RunbooksPage() {
  const ctx = await requirePageSession();
  return <Runbooks view={await buildRunbooks(ctx)} />;
}
