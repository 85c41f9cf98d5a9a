import type { ReactNode } from 'react';

type Props = { title: ReactNode; sub?: ReactNode; badge?: ReactNode; actions?: ReactNode };
export const PageHead = ({ title, sub, badge, actions }: Props) => (
  <header className="flex items-end justify-between gap-4 max-md:flex-col max-md:items-stretch">
    <div className="min-w-0">
      <div className="flex min-w-0 flex-wrap items-center gap-3">
        <h1 className="min-w-0 break-words text-20 font-semibold">{title}</h1>
        {badge}
      </div>
      {sub && <div className="mt-0.5 text-t2">{sub}</div>}
    </div>
    {actions && <div className="flex shrink-0 items-center gap-2 max-md:flex-wrap">{actions}</div>}
  </header>
);
