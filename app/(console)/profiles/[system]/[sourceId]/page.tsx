import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { Profile } from '@/components/profiles/profile';
import { requirePageSession } from '@/lib/auth/require-session';
import { CutoverError } from '@/lib/errors';
import { routes } from '@/lib/shared/routes';
import { buildProfile } from '@/lib/views/profile';

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
  const ctx = await requirePageSession(routes.profile(profile.system, profile.sourceId));
  const view = await buildProfile(ctx, profile).catch((thrown: unknown) => {
    if (thrown instanceof CutoverError && thrown.code === 'profile_unknown') notFound();
    throw thrown;
  });
  return <Profile initial={view} />;
}
