import type { ReactNode } from 'react';

type Props = {
  title: ReactNode;
  detail?: ReactNode;
  action?: ReactNode;
  /** It is all that the page says, so its title heads the page. */
  wholePage?: boolean;
};

/** One sentence, one small button. */
export const EmptyState = ({ title, detail, action, wholePage = false }: Props) => (
  <div className="flex flex-col items-center px-4 py-10 text-center">
    {wholePage ? (
      <h1 className="max-w-full font-medium break-words text-t1">{title}</h1>
    ) : (
      <p className="font-medium text-t1">{title}</p>
    )}
    {detail && <p className="mt-0.5 max-w-prose text-t2">{detail}</p>}
    {action && <div className="mt-3">{action}</div>}
  </div>
);
