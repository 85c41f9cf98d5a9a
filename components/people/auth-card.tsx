import type { ReactNode } from 'react';
import { Panel } from '@/components/ui/panel';

/** The one card of a page outside the console. */
export const AuthCard = ({ title, sub, children }: { title: string; sub?: ReactNode; children: ReactNode }) => (
  <Panel className="p-6 max-md:p-4">
    <h1 className="text-16 font-semibold">{title}</h1>
    {sub && <p className="mt-0.5 text-t2">{sub}</p>}
    {children}
  </Panel>
);
