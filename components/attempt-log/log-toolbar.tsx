'use client';
import { ArrowDownToLine, ChevronDown, ChevronUp, Clock, Download, WrapText } from 'lucide-react';
import type { RefObject } from 'react';
import { IconButton } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy-button';
import { cn } from '@/components/ui/cn';
import { SearchInput } from '@/components/ui/input';
import { Menu, MenuContent, MenuItem, MenuRadioGroup, MenuRadioItem, MenuTrigger } from '@/components/ui/menu';
import { Select } from '@/components/ui/select';
import { formatCount } from '@/lib/shared/format';
import { type LogLevel, logLevels } from '@/lib/shared/statuses';
import type { AttemptDto } from '@/lib/views/dto';
import type { TimeMode } from './log-line';
import { attemptLabel } from './log-words';
import type { LogSearch } from './use-log-search';

const tone: Partial<Record<LogLevel, string>> = { warn: 'text-amber', error: 'text-red', note: 'text-blue' };

type Props = {
  attempts: AttemptDto[];
  attempt: AttemptDto;
  onAttempt: (id: string) => void;
  counts: Record<LogLevel, number>;
  hidden: ReadonlySet<LogLevel>;
  onLevel: (level: LogLevel) => void;
  search: LogSearch;
  searchBox: RefObject<HTMLInputElement | null>;
  following: boolean;
  onFollow: () => void;
  wrap: boolean;
  onWrap: () => void;
  mode: TimeMode;
  onMode: (mode: TimeMode) => void;
  copy: () => string;
  rawHref: string;
};

function Levels({ counts, hidden, onLevel }: Pick<Props, 'counts' | 'hidden' | 'onLevel'>) {
  const shown = logLevels.filter((level) => counts[level] > 0 || (level !== 'debug' && level !== 'note'));
  return (
    <fieldset className="flex shrink-0 items-center">
      <legend className="sr-only">Levels shown</legend>
      {shown.map((level) => (
        <button
          key={level}
          type="button"
          aria-pressed={!hidden.has(level)}
          onClick={() => onLevel(level)}
          className={cn(
            'h-7 rounded-control px-[3px] text-12 touch:h-11',
            hidden.has(level) ? 'text-t3 line-through' : counts[level] > 0 ? (tone[level] ?? 'text-t2') : 'text-t3',
          )}
        >
          {level}{' '}
          <b
            className={cn(
              'font-medium tabular-nums',
              !hidden.has(level) && (!tone[level] || counts[level] === 0) && 'text-t1',
            )}
          >
            {formatCount(counts[level])}
          </b>
        </button>
      ))}
    </fieldset>
  );
}

function Matches({ search }: { search: LogSearch }) {
  if (!search.query.trim()) return null;
  const many = search.matches?.length ?? 0;
  return (
    <span className="flex items-center text-12 text-t3">
      <span className="whitespace-nowrap px-1 tabular-nums" aria-live="polite">
        {search.matches === null ? 'searching' : many === 0 ? 'none' : `${search.current + 1} of ${many}`}
      </span>
      <IconButton
        size="sm"
        variant="ghost"
        label="Previous match"
        icon={<ChevronUp size={16} />}
        onClick={() => search.move(-1)}
      />
      <IconButton
        size="sm"
        variant="ghost"
        label="Next match"
        icon={<ChevronDown size={16} />}
        onClick={() => search.move(1)}
      />
    </span>
  );
}

function TimeMenu({ mode, onMode }: Pick<Props, 'mode' | 'onMode'>) {
  return (
    <Menu>
      <MenuTrigger asChild>
        <IconButton size="sm" variant="ghost" label="Time shown" icon={<Clock size={16} />} />
      </MenuTrigger>
      <MenuContent align="end">
        <MenuRadioGroup value={mode} onValueChange={(next) => onMode(next as TimeMode)}>
          <MenuRadioItem value="clock">Clock</MenuRadioItem>
          <MenuRadioItem value="precise">Clock with milliseconds</MenuRadioItem>
          <MenuRadioItem value="elapsed">Since the start</MenuRadioItem>
          <MenuRadioItem value="off">No time</MenuRadioItem>
        </MenuRadioGroup>
      </MenuContent>
    </Menu>
  );
}

function RawMenu({ href }: { href: string }) {
  return (
    <Menu>
      <MenuTrigger asChild>
        <IconButton size="sm" label="Whole log" icon={<Download size={16} />} />
      </MenuTrigger>
      <MenuContent align="end">
        <MenuItem asChild>
          <a href={href} download>
            Download all lines
          </a>
        </MenuItem>
        <MenuItem asChild>
          <a href={href} target="_blank" rel="noreferrer">
            Open raw
          </a>
        </MenuItem>
      </MenuContent>
    </Menu>
  );
}

/** What can be done with a log, in one row; what does not fit scrolls sideways. */
export function LogToolbar(props: Props) {
  const { attempts, attempt, search } = props;
  return (
    <div className="flex min-h-10 shrink-0 items-center gap-2 overflow-x-auto border-b border-line px-4 py-1 [scrollbar-width:none] max-md:hidden">
      <Select
        size="sm"
        className="max-w-56 shrink-0"
        value={attempt.id}
        onChange={props.onAttempt}
        options={attempts.map((one) => ({ value: one.id, label: attemptLabel(one, attempts) }))}
      />
      {!search.query && <Levels counts={props.counts} hidden={props.hidden} onLevel={props.onLevel} />}
      <span className="ml-auto ml-auto flex shrink-0 items-center gap-0.5">
        <SearchInput
          ref={props.searchBox}
          aria-label="Search log"
          placeholder="Search"
          value={search.query}
          onChange={(event) => search.setQuery(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') search.move(event.shiftKey ? -1 : 1);
            if (event.key === 'Escape') search.setQuery('');
          }}
          box="w-24"
        />
        <Matches search={search} />
        <button
          type="button"
          aria-pressed={props.following}
          onClick={props.onFollow}
          className={cn(
            'flex h-7 shrink-0 items-center gap-1.5 rounded-control px-2 text-12 font-medium touch:h-11',
            props.following ? 'bg-blue/tint text-blue' : 'text-t2 hover:bg-s2',
          )}
        >
          <ArrowDownToLine size={14} aria-hidden="true" />
          Follow
        </button>
        <IconButton
          size="sm"
          variant="ghost"
          label={props.wrap ? 'Do not wrap lines' : 'Wrap lines'}
          aria-pressed={props.wrap}
          icon={<WrapText size={16} />}
          onClick={props.onWrap}
        />
        <TimeMenu mode={props.mode} onMode={props.onMode} />
        <CopyButton text={props.copy} label="Copy lines" />
        <RawMenu href={props.rawHref} />
      </span>
    </div>
  );
}
