import type { Metadata } from 'next';
import { Runbook } from '@/components/runbooks/runbook';
import { requirePageSession } from '@/lib/auth/require-session';
import { buildRunbook } from '@/lib/views/runbook';
import { orNotFound } from '@/app/(console)/or-not-found';

export const metadata: Metadata = { title: 'Runbook' };

export default async function RunbookPage(props: { params: Promise<{ name: string }> }) {
  const name = decodeURIComponent((await props.params).name);
  const ctx = await requirePageSession();
  return <Runbook view={await orNotFound(buildRunbook(ctx, { name }))} />;
}
