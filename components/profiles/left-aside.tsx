import Link from 'next/link';
import { StatusGlyph } from '@/components/ui/status-glyph';
import { TextWithTimes } from '@/components/ui/text-with-times';
import { routes } from '@/lib/shared/routes';
import type { ProfileDto } from '@/lib/views/dto';

/** Rows of users that an earlier rollback left in the target: said before anything is planned over them. */
export const LeftAside = ({ left }: { left: NonNullable<ProfileDto['leftAside']> }) => (
  <p className="flex items-start gap-2.5 rounded-panel border border-amber/45 bg-amber/tint px-4 py-2.5">
    <StatusGlyph status="drift" className="mt-0.5" />
    <span className="min-w-0 break-words">
      <TextWithTimes text={left.text} />{' '}
      <Link href={routes.cutover(left.cutoverId)} className="text-t1 underline underline-offset-4">
        Open that cutover
      </Link>
    </span>
  </p>
);
