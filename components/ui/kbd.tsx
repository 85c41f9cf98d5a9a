import type { ReactNode } from 'react';

export const Kbd = ({ children }: { children: ReactNode }) => (
  <kbd className="inline-grid h-[18px] min-w-[18px] place-items-center rounded-chip border border-line2/55 px-1 font-mono text-11 text-t2">
    {children}
  </kbd>
);
