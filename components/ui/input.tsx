import { Search } from 'lucide-react';
import type { ComponentProps, ReactNode } from 'react';
import { cn } from './cn';
import { Kbd } from './kbd';

type Invalid = { invalid?: boolean | undefined };
const look =
  'w-full min-w-0 rounded-control border border-line2 bg-bg text-13 text-t1 focus-visible:outline-offset-1 aria-invalid:border-red';

export const Input = ({ invalid, className, ...rest }: ComponentProps<'input'> & Invalid) => (
  <input
    {...rest}
    aria-invalid={invalid || undefined}
    className={cn(look, 'h-9 px-3 touch:h-11 touch:text-16', className)}
  />
);
export const Textarea = ({ invalid, className, ...rest }: ComponentProps<'textarea'> & Invalid) => (
  <textarea
    {...rest}
    aria-invalid={invalid || undefined}
    className={cn(look, 'block min-h-16 px-3 py-2 touch:text-16', className)}
  />
);

type SearchProps = ComponentProps<'input'> & { kbd?: string; icon?: ReactNode; box?: string };
/** `className` is the field's, `box` that of the frame around it. */
export const SearchInput = ({ kbd, icon, box, className, ...rest }: SearchProps) => (
  <span className={cn('relative inline-flex min-w-0 items-center', box)}>
    <span aria-hidden="true" className="pointer-events-none absolute left-2.5 text-t3">
      {icon ?? <Search size={14} />}
    </span>
    <input
      type="search"
      {...rest}
      className={cn(
        look,
        'h-7 pr-2 pl-8 text-12 touch:h-11 touch:text-16 [&::-webkit-search-cancel-button]:hidden',
        kbd && 'pr-9',
        className,
      )}
    />
    {kbd && (
      <span aria-hidden="true" className="pointer-events-none absolute right-1.5 max-md:hidden">
        <Kbd>{kbd}</Kbd>
      </span>
    )}
  </span>
);
