'use client';
import { useRouter } from 'next/navigation';
import { useEffect } from 'react';
import { useHotkeys } from '@/components/ui/hotkeys';
import { routes } from '@/lib/shared/routes';

/** Moves the focus among the links that open rows. Enter then follows the link by itself. */
function moveRow(by: number): boolean {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row-link]')].filter(
    (row) => row.offsetParent !== null,
  );
  if (rows.length === 0) return false;
  const at = rows.indexOf(document.activeElement as HTMLElement);
  const next = at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + by));
  rows[next]?.focus();
  rows[next]?.scrollIntoView({ block: 'nearest' });
  return true;
}

function focusSearch(): boolean {
  const field = document.querySelector<HTMLInputElement>('[data-page-search]');
  field?.focus();
  field?.select();
  return field !== null;
}

export function useShellKeys({ onPalette, onHelp }: { onPalette: () => void; onHelp: () => void }): void {
  const router = useRouter();
  useHotkeys({
    '?': onHelp,
    '/': () => focusSearch() || onPalette(),
    j: () => moveRow(1),
    k: () => moveRow(-1),
    'g f': () => router.push(routes.fleet()),
    'g c': () => router.push(routes.cutovers()),
    'g r': () => router.push(routes.reviews()),
    'g b': () => router.push(routes.runbooks()),
    'g a': () => router.push(routes.audit()),
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey)
        return;
      event.preventDefault();
      onPalette();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [onPalette]);
}
