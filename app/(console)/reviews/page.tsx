import { randomUUID } from 'node:crypto';
import type { Metadata } from 'next';
import { Reviews } from '@/components/sign-off/reviews';
import { requirePageSession } from '@/lib/auth/require-session';
import { buildReviews } from '@/lib/views/reviews';
import { orNotFound } from '@/app/(console)/or-not-found';
import { lookAction, signOffAction } from './actions';

export const metadata: Metadata = { title: 'Reviews' };

export default async function ReviewsPage(props: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const query = await props.searchParams;
  const [cutoverId, stepId] = [query.cutover, query.step].map((value) => [value].flat()[0]);
  const ctx = await requirePageSession();
  const view = await orNotFound(buildReviews(ctx, cutoverId && stepId ? { cutoverId, stepId } : {}));
  return <Reviews initial={view} firstKey={randomUUID()} actions={{ signOff: signOffAction, look: lookAction }} />;
}
