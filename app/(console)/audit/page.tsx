import { randomUUID } from 'node:crypto';
import type { Metadata } from 'next';
import { Audit } from '@/components/audit/audit';
import { readAuditQuery } from '@/components/audit/audit-query';
import { requirePageSession } from '@/lib/auth/require-session';
import { buildAudit } from '@/lib/views/audit';
import { verifyAuditAction } from './actions';

export const metadata: Metadata = { title: 'Audit' };

export default async function AuditPage(props: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const ctx = await requirePageSession();
  const given = await props.searchParams;
  const { before, ...query } = readAuditQuery((name) => [given[name]].flat()[0] ?? null);
  const view = await buildAudit(ctx, { ...query, ...(before ? { before: Number(before) } : {}) });
  return <Audit initial={view} verify={verifyAuditAction} firstKey={randomUUID()} />;
}
