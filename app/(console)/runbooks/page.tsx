import type { Metadata } from 'next';
import { Runbooks } from '@/components/runbooks/runbooks';
import { requirePageSession } from '@/lib/auth/require-session';
import { routes } from '@/lib/shared/routes';
import { buildRunbooks } from '@/lib/views/runbooks';

export const metadata: Metadata = { title: 'Runbooks' };

export default async function RunbooksPage() {
  const ctx = await requirePageSession(routes.runbooks());
  return <Runbooks view={await buildRunbooks(ctx)} />;
}
