import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { ShellFrame } from '@/components/shell/shell-frame';
import { readTheme, readZone, themeCookie, zoneCookie } from '@/components/shell/theme';
import { requirePageSession } from '@/lib/auth/require-session';
import { buildShell } from '@/lib/views/shell';
import { breakSomethingAction, signOutAction, switchPersonAction } from './shell-actions';

/** Decides what is drawn around a page. What is allowed, each page and each verb decides for itself. */
export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const ctx = await requirePageSession();
  const shell = await buildShell(ctx);
  const kept = await cookies();
  return (
    <ShellFrame
      initial={shell}
      zone={readZone(kept.get(zoneCookie)?.value)}
      theme={readTheme(kept.get(themeCookie)?.value)}
      actions={{ signOut: signOutAction, switchPerson: switchPersonAction, breakSomething: breakSomethingAction }}
    >
      {children}
    </ShellFrame>
  );
}
