import type { Metadata } from 'next';
import { Cutovers } from '@/components/cutovers/cutovers';
import { requirePageSession } from '@/lib/auth/require-session';
import { buildCutovers } from '@/lib/views/cutovers';

export const metadata: Metadata = { title: 'Cutovers' };

export default async function CutoversPage() {
  const ctx = await requirePageSession();
  return <Cutovers initial={await buildCutovers(ctx)} />;
}
