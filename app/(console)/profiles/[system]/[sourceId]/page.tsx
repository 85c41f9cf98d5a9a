import type { Metadata } from 'next';
import { Profile } from '@/components/profiles/profile';
import { requirePageSession } from '@/lib/auth/require-session';
import { buildProfile } from '@/lib/views/profile';
import { orNotFound } from '@/app/(console)/or-not-found';

type Props = { params: Promise<{ system: string; sourceId: string }> };

const readParams = async ({ params }: Props) => {
  const { system, sourceId } = await params;
  return { system: decodeURIComponent(system), sourceId: decodeURIComponent(sourceId) };
};

export async function generateMetadata(props: Props): Promise<Metadata> {
  return { title: (await readParams(props)).sourceId };
}

export default async function ProfilePage(props: Props) {
  const profile = await readParams(props);
  const ctx = await requirePageSession();
  const view = await orNotFound(buildProfile(ctx, profile));
  return <Profile initial={view} />;
}
