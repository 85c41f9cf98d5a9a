import { ChevronDown } from 'lucide-react';
import type { ComponentProps } from 'react';
import { cn } from './cn';

/** The browser's own list: works before hydration. */
export const NativeSelect = ({
  invalid,
  className,
  children,
  ...rest
}: ComponentProps<'select'> & { invalid?: boolean | undefined }) => (
  <span className="relative block">
    <select
      {...rest}
      aria-invalid={invalid || undefined}
      className={cn(
        'h-9 w-full appearance-none rounded-control border border-line2 bg-bg pr-9 pl-3 text-13 text-t1 focus-visible:outline-offset-1 aria-invalid:border-red touch:h-11 touch:text-16',
        className,
      )}
    >
      {children}
    </select>
    <ChevronDown
      size={14}
      aria-hidden="true"
      className="pointer-events-none absolute top-1/2 right-3 -translate-y-1/2 text-t3"
    />
  </span>
);
