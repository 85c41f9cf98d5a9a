import type { Metadata } from 'next';
import { Cutovers } from '@/components/cutovers/cutovers';
import { requirePageSession } from '@/lib/auth/require-session';
import { routes } from '@/lib/shared/routes';
import { buildCutovers } from '@/lib/views/cutovers';

export const metadata: Metadata = { title: 'Cutovers' };

export default async function CutoversPage() {
  const ctx = await requirePageSession(routes.cutovers());
  return <Cutovers initial={await buildCutovers(ctx)} />;
}
