import { ArrowRight } from 'lucide-react';
import { Panel } from '@/components/ui/panel';
import { StatusGlyph } from '@/components/ui/status-glyph';
import { Time } from '@/components/ui/time';
import type { ReviewsDto } from '@/lib/views/dto';

type Changed = NonNullable<NonNullable<ReviewsDto['selected']>['changed']>;

/** The fingerprint's parts that are not what this person saw last. */
export function ChangedPanel({ changed }: { changed: Changed }) {
  return (
    <Panel edge="amber" className="overflow-hidden">
      <header className="flex items-center gap-2 border-b border-amber/45 bg-amber/tint px-4 py-2">
        <span className="text-amber">
          <StatusGlyph status="stale" />
        </span>
        <h3 className="text-13 font-semibold text-t1 max-md:hidden">Changed since you last looked</h3>
        <h3 className="text-13 font-semibold text-t1 md:hidden">
          Changed since <Time iso={changed.lookedAt} />
        </h3>
        <span className="ml-auto text-12 text-t2 max-md:hidden">
          you looked <Time iso={changed.lookedAt} />
        </span>
      </header>
      <ul>
        {changed.parts.map((part) => (
          <li
            key={part.part}
            className="grid grid-cols-[144px_minmax(72px,140px)_16px_1fr_auto] items-center gap-x-4 border-b border-line px-4 py-2 text-13 last:border-b-0 max-md:flex max-md:flex-wrap max-md:gap-x-3"
          >
            <span className="text-t2 max-md:w-34">{part.part}</span>
            <span className="font-mono text-12 break-all text-red">
              <span className="sr-only">was </span>
              <del>{part.before}</del>
            </span>
            <ArrowRight size={14} aria-hidden="true" className="text-t3" />
            <span className="font-mono text-12 break-words text-green">
              <span className="sr-only">now </span>
              {part.after}
            </span>
            <span className="text-12 text-t2 max-md:hidden">{part.detail}</span>
          </li>
        ))}
      </ul>
      {changed.same.length > 0 && (
        <p className="border-t border-line px-4 py-2 text-12 text-t3 max-md:hidden">Same: {changed.same.join(', ')}</p>
      )}
    </Panel>
  );
}
