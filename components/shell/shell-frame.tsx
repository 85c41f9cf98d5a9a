'use client';
import { usePathname, useSearchParams } from 'next/navigation';
import { type ReactNode, useState } from 'react';
import { LiveProvider } from '@/components/live/live-provider';
import { useView } from '@/components/live/use-view';
import { LiveRegion } from '@/components/ui/announce';
import { ClockProvider } from '@/components/ui/clock';
import { cn } from '@/components/ui/cn';
import { Toaster } from '@/components/ui/toaster';
import { TooltipProvider } from '@/components/ui/tooltip';
import { frameLookMs } from '@/lib/shared/worker-times';
import type { FormAction } from '@/lib/views/action-result';
import type { ShellDto } from '@/lib/views/dto';
import { HelpDialog } from './help-dialog';
import { LiveStrips } from './live-strips';
import { NarrowBar } from './narrow-bar';
import { Palette } from './palette';
import { Rail } from './rail';
import { coversNarrowScreen } from './sections';
import type { Theme } from './theme';
import { TopBar } from './top-bar';
import { useShellKeys } from './use-shell-keys';

export type ShellActions = { signOut: () => Promise<void>; switchPerson: FormAction; breakSomething: FormAction };
type Props = { initial: ShellDto; zone: string; theme: Theme; actions: ShellActions; children: ReactNode };

export const ShellFrame = (props: Props) => (
  <LiveProvider>
    <TooltipProvider>
      <Frame {...props} />
    </TooltipProvider>
  </LiveProvider>
);

function Frame({ initial, zone, theme, actions, children }: Props) {
  const { view } = useView<ShellDto>('shell', {}, initial, { everyMs: initial.demo ? 3_000 : frameLookMs });
  const [open, setOpen] = useState<'palette' | 'help' | null>(null);
  const covered = coversNarrowScreen(usePathname(), useSearchParams());
  useShellKeys({ onPalette: () => setOpen('palette'), onHelp: () => setOpen('help') });
  return (
    <ClockProvider now={view.now} zone={zone}>
      <a
        href="#main"
        className="sr-only z-60 rounded-control bg-ink px-3 py-2 text-on-ink focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to the page
      </a>
      <div className="flex min-h-dvh flex-col md:h-dvh">
        <TopBar shell={view} theme={theme} actions={actions} onSearch={() => setOpen('palette')} />
        <NarrowBar
          shell={view}
          theme={theme}
          actions={actions}
          className={cn(covered && 'hidden')}
          onSearch={() => setOpen('palette')}
        />
        <LiveStrips shell={view} />
        <div className="flex min-h-0 flex-1">
          <Rail inboxCount={view.inboxCount} onHelp={() => setOpen('help')} />
          <main
            id="main"
            // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and a page without a button has nothing else to focus
            tabIndex={0}
            className="relative min-h-0 min-w-0 flex-1 -outline-offset-2! max-md:flex max-md:flex-col md:overflow-y-auto"
          >
            {children}
          </main>
        </div>
      </div>
      <Palette
        places={view.places}
        open={open === 'palette'}
        onOpenChange={(next) => setOpen(next ? 'palette' : null)}
      />
      <HelpDialog open={open === 'help'} onOpenChange={(next) => setOpen(next ? 'help' : null)} />
      <LiveRegion />
      <Toaster />
    </ClockProvider>
  );
}
