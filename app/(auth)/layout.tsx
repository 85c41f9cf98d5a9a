import type { ReactNode } from 'react';
import { Logo } from '@/components/shell/logo';
import { Tag } from '@/components/ui/tag';
import { TooltipProvider } from '@/components/ui/tooltip';
import { demoOn } from '@/lib/auth/demo-people';

/** Outside the console: one narrow column. */
export default function AuthLayout({ children }: { children: ReactNode }) {
  return (
    <TooltipProvider>
      <main className="mx-auto flex min-h-dvh w-full max-w-[400px] flex-col justify-center gap-4 py-10 max-md:px-4">
        <header className="mb-2 flex items-center gap-3">
          <Logo size={24} />
          <span className="text-16 font-semibold tracking-[-0.01em]">Cutover Console</span>
          {demoOn() && <Tag className="ml-auto">demo</Tag>}
        </header>
        {children}
      </main>
    </TooltipProvider>
  );
}
