import { randomUUID } from 'node:crypto';
import type { Metadata } from 'next';
import { PlanWave } from '@/components/cutovers/plan-wave';
import { requirePageSession } from '@/lib/auth/require-session';
import { buildNewCutover } from '@/lib/views/new-cutover';
import { planWaveAction } from '@/app/(console)/cutovers/actions';

export const metadata: Metadata = { title: 'Plan a wave' };

export default async function PlanWavePage() {
  const ctx = await requirePageSession();
  return <PlanWave initial={await buildNewCutover(ctx)} action={planWaveAction} firstKey={randomUUID()} />;
}
