import type { ComponentProps } from 'react';
import { cn } from './cn';

/** Wide tables scroll inside their panel, so the page never scrolls sideways; a shade at an edge says that there is more. */
export const Table = ({ label = 'Table', className, ...rest }: ComponentProps<'table'> & { label?: string }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by keys
  <section aria-label={label} tabIndex={0} className="scrolls-sideways overflow-x-auto -outline-offset-2!">
    <table {...rest} className={cn('w-full border-collapse text-left', className)} />
  </section>
);
export const Thead = ({ className, ...rest }: ComponentProps<'thead'>) => (
  <thead {...rest} className={cn('bg-s2/60', className)} />
);
export const Tbody = (props: ComponentProps<'tbody'>) => <tbody {...props} />;
export const Tr = ({ selected, className, ...rest }: ComponentProps<'tr'> & { selected?: boolean }) => (
  <tr
    {...rest}
    data-selected={selected || undefined}
    className={cn('border-b last:border-b-0 [tbody_&]:hover:bg-s2', selected && 'bg-s3 hover:bg-s3', className)}
  />
);
export const Th = ({ numeric, className, ...rest }: ComponentProps<'th'> & { numeric?: boolean }) => (
  <th
    scope="col"
    {...rest}
    className={cn(
      'h-9 whitespace-nowrap px-4 max-md:px-2.5 max-md:first:pl-4 text-12 font-medium text-t3',
      numeric && 'text-right',
      className,
    )}
  />
);
export const Td = ({
  numeric,
  first,
  className,
  ...rest
}: ComponentProps<'td'> & { numeric?: boolean; first?: boolean }) => (
  <td
    {...rest}
    className={cn(
      'h-9 px-4 py-2 text-t2 max-md:px-2.5 max-md:first:pl-4',
      numeric && 'whitespace-nowrap text-right tabular-nums',
      first && 'font-medium text-t1',
      className,
    )}
  />
);
