import type { ReactNode } from 'react';
import { Logo } from './logo';

/** A page without the console's frame: sign-in, set-up, and what cannot be shown. */
export const FullPage = ({
  width = 'max-w-[600px]',
  aside,
  children,
}: {
  width?: string;
  aside?: ReactNode;
  children: ReactNode;
}) => (
  <main className="flex min-h-dvh flex-col items-center bg-bg px-4 py-16 max-md:py-8">
    <div className={`w-full ${width}`}>
      <div className="mb-6 flex items-center gap-3">
        <Logo size={26} />
        <span className="text-16 font-semibold tracking-[-0.01em]">Cutover Console</span>
        {aside && <span className="ml-auto">{aside}</span>}
      </div>
      {children}
    </div>
  </main>
);
