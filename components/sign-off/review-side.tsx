import { Avatar } from '@/components/ui/avatar';
import { Panel, PanelHead } from '@/components/ui/panel';
import { Time } from '@/components/ui/time';
import type { ReviewsDto } from '@/lib/views/dto';

type Selected = NonNullable<ReviewsDto['selected']>;

export function Covers({ selected }: { selected: Selected }) {
  return (
    <Panel>
      <h3 className="px-4 pt-3 pb-1 text-13 font-medium text-t1">What your sign-off covers</h3>
      <dl className="px-4 pb-2">
        {selected.covers.map((cover) => (
          <div key={cover.part} className="flex min-h-7 items-center gap-4 text-12">
            <dt className="shrink-0 text-t2">{cover.part}</dt>
            <dd className="ml-auto min-w-0 text-right font-mono break-words text-t1">{cover.value}</dd>
          </div>
        ))}
      </dl>
      <p className="border-t border-line px-4 py-3 text-12 text-t2">{selected.coversNote}</p>
    </Panel>
  );
}

export function Comments({ selected }: { selected: Selected }) {
  return (
    <Panel>
      <PanelHead title="Comments" aside={String(selected.comments.length)} />
      <ul className="flex flex-col gap-3 px-4 py-3">
        {selected.comments.map((comment) => (
          <li key={`${comment.at} ${comment.by}`} className="flex items-start gap-2.5 text-13">
            <Avatar initials={comment.initials} />
            <p className="min-w-0 flex-1 break-words text-t1">
              <span className="text-12 text-t3">
                <span className="sr-only">{comment.by} </span>
                <Time iso={comment.at} format="short" />
              </span>{' '}
              {comment.text}
            </p>
          </li>
        ))}
        {selected.comments.length === 0 && (
          <li className="text-12 text-t3">None yet. Notes of the cutover stand here.</li>
        )}
      </ul>
    </Panel>
  );
}
