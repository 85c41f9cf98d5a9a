import type { Metadata } from 'next';
import { Fleet } from '@/components/profiles/fleet';
import { requirePageSession } from '@/lib/auth/require-session';
import { buildFleet } from '@/lib/views/fleet';

export const metadata: Metadata = { title: 'Fleet' };

export default async function FleetPage() {
  return <Fleet initial={await buildFleet(await requirePageSession())} />;
}
