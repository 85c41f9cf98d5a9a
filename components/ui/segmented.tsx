'use client';
import Link from 'next/link';
import { cn } from './cn';
import type { PlaceLink } from './place-link';

type Option = { value: string; label: string; count?: number; href?: string };
type Props = {
  label: string;
  value: string;
  options: Option[];
  onChange?: (value: string) => void;
  /** For options with `href`; Next's own unless the page holds all of them. */
  link?: typeof PlaceLink | typeof Link;
  className?: string;
};

/** One of a few. With `href` each is a link of its own, so the choice lives in the URL. */
export function Segmented({ label, value, options, onChange, link: OptionLink = Link, className }: Props) {
  const look = (chosen: boolean) =>
    cn(
      'inline-flex h-6 items-center gap-1.5 whitespace-nowrap rounded-chip px-2 text-12 touch:h-10 touch:px-3',
      chosen ? 'bg-s3 font-medium text-t1' : 'text-t2 hover:text-t1',
    );
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset brings a box and a legend that this row of buttons does not have
    <div
      role="group"
      aria-label={label}
      className={cn('inline-flex shrink-0 gap-0.5 rounded-control border bg-s1 p-0.5', className)}
    >
      {options.map((option) => {
        const chosen = option.value === value;
        const words = (
          <>
            {option.label}
            {option.count !== undefined && <span className={chosen ? 'font-semibold' : ''}>{option.count}</span>}
          </>
        );
        return option.href === undefined ? (
          <button
            key={option.value}
            type="button"
            aria-pressed={chosen}
            onClick={() => onChange?.(option.value)}
            className={look(chosen)}
          >
            {words}
          </button>
        ) : (
          <OptionLink
            key={option.value}
            href={option.href}
            scroll={false}
            aria-current={chosen ? 'true' : undefined}
            className={look(chosen)}
          >
            {words}
          </OptionLink>
        );
      })}
    </div>
  );
}
