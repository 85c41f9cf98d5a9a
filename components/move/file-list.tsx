'use client';
import Link from 'next/link';
import { Age } from '@/components/ui/time';
import { cn } from '@/components/ui/cn';
import { EmptyState } from '@/components/ui/empty-state';
import { SearchInput } from '@/components/ui/input';
import { Mono } from '@/components/ui/mono';
import { Panel, PanelHead } from '@/components/ui/panel';
import { StatusGlyph } from '@/components/ui/status-glyph';
import { formatBytes, formatCount } from '@/lib/shared/format';
import { countWords } from '@/lib/shared/words';
import { filesMatching, type MovableFile, parted, withLinks } from './move-choice';

type Props = {
  files: MovableFile[];
  total: number;
  cut: 'deep' | 'many' | null;
  roots: string[];
  chosen: MovableFile | null;
  search: string;
  onSearch: (text: string) => void;
  onChoose: (file: MovableFile) => void;
};

const countText = (shown: number, total: number): string =>
  shown < total ? `the newest ${formatCount(shown)} of ${formatCount(total)}` : countWords(total, 'file');
const leftOut = {
  deep: 'Folders that lie more than five deep are not looked through.',
  many: 'Only the first 5,000 entries were looked at: name a smaller folder.',
};

/** The server's own list, as radio buttons: a person chooses, and types no path. */
export function FileList({ files, total, cut, roots, chosen, search, onSearch, onChoose }: Props) {
  const shown = filesMatching(files, search);
  return (
    <Panel className="overflow-hidden">
      <PanelHead title="File" aside={countText(files.length, total)} />
      {files.length === 0 ? (
        <EmptyState
          title="There is neither a SQLite file nor a folder of JSON under the allowed roots."
          detail={<Roots roots={roots} />}
        />
      ) : (
        <>
          <div className="border-b px-4 py-2.5">
            <SearchInput
              box="w-full"
              className="w-full"
              aria-label="Filter files"
              placeholder="Filter files"
              value={search}
              onChange={(event) => onSearch(event.target.value)}
            />
          </div>
          <ul className="max-h-[388px] overflow-y-auto" aria-label="Files">
            {shown.map((file) => (
              <li key={file.id} className="border-t first:border-t-0">
                <FileRow file={file} chosen={file.id === chosen?.id} onChoose={onChoose} />
              </li>
            ))}
            {shown.length === 0 && (
              <li>
                <EmptyState title="No file matches." detail="Clear the filter to see them all." />
              </li>
            )}
          </ul>
          <p className="border-t px-4 py-2 text-12 text-t3">
            <Roots roots={roots} />
            {cut && ` ${leftOut[cut]}`}
          </p>
        </>
      )}
    </Panel>
  );
}

const Roots = ({ roots }: { roots: string[] }) => (
  <>
    SQLite files and folders of JSON under{' '}
    {roots.map((root, at) => (
      <span key={root}>
        {at > 0 && ', '}
        <Mono className="break-all">{root}</Mono>
      </span>
    ))}
    ; allowed_roots of the fleet file says which.
  </>
);

function FileRow({ file, chosen, onChoose }: { file: MovableFile; chosen: boolean; onChoose: Props['onChoose'] }) {
  const { folder, file: name } = parted(file.name);
  const words = (
    <>
      <span className="min-w-0 flex-1">
        <span className={cn('block font-medium break-all', file.blockedBy ? 'text-t2' : 'text-t1')}>{name}</span>
        <span className="block text-12 break-all text-t3">
          {file.kind === 'json-store' && 'JSON, '}
          {folder || 'at the root'}
        </span>
      </span>
      <span className="shrink-0 text-right tabular-nums">
        <span className="block text-t1">{formatBytes(file.bytes)}</span>
        <span className="block text-12 text-t3">
          <Age iso={file.modifiedAt} />
        </span>
      </span>
    </>
  );
  const look = 'flex min-h-13 items-center gap-3 px-4 py-1.5';
  if (file.blockedBy)
    return (
      <div className={cn(look, 'flex-wrap')}>
        <StatusGlyph status="locked" size={16} />
        {words}
        <span className="w-full pl-7 text-12 text-t3">
          {withLinks(file.blockedBy, file.links).map(({ text, href }) =>
            href ? (
              <Link key={href} href={href} prefetch={false} className="underline underline-offset-2 hover:text-t1">
                {text}
              </Link>
            ) : (
              text
            ),
          )}
        </span>
      </div>
    );
  return (
    <label
      className={cn(
        look,
        'cursor-pointer hover:bg-s2 has-focus-visible:outline-2 has-focus-visible:-outline-offset-2 has-focus-visible:outline-ink',
        chosen && 'bg-s3 shadow-[inset_2px_0_0_var(--ink)] hover:bg-s3',
      )}
    >
      <input
        type="radio"
        name="fileId"
        value={file.id}
        checked={chosen}
        onChange={() => onChoose(file)}
        className="size-4 shrink-0 accent-[var(--ink)]"
      />
      {words}
    </label>
  );
}
