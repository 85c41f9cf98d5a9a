import Link from 'next/link';
import { TextWithTimes } from '@/components/ui/text-with-times';
import { routes } from '@/lib/shared/routes';
import { useWizard } from './wizard-context';

const place = 'Snapshots of the profile';

/** A sentence of the server's: moments in the viewer's zone, and the place it names as a link. */
export function TextWithPlaces({ text }: { text: string }) {
  const { system, sourceId } = useWizard().view;
  const [before = '', after] = text.split(place);
  if (after === undefined) return <TextWithTimes text={text} />;
  return (
    <>
      <TextWithTimes text={before} />
      <Link href={`${routes.profile(system, sourceId)}?tab=snapshots`} className="text-t1 underline underline-offset-4">
        {place}
      </Link>
      <TextWithTimes text={after} />
    </>
  );
}
