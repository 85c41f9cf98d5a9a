import type { ReactNode } from 'react';

/** One sentence, one small button. */
export const EmptyState = ({ title, detail, action }: { title: ReactNode; detail?: ReactNode; action?: ReactNode }) => (
  <div className="flex flex-col items-center px-4 py-10 text-center">
    <p className="font-medium text-t1">{title}</p>
    {detail && <p className="mt-0.5 max-w-prose text-t2">{detail}</p>}
    {action && <div className="mt-3">{action}</div>}
  </div>
);
