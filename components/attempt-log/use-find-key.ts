'use client';
import { type RefObject, useEffect } from 'react';

/** Ctrl+F searches the log while it is on the page; pressed again in the field it is the browser's own. */
export function useFindKey(root: RefObject<HTMLElement | null>, box: RefObject<HTMLInputElement | null>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'f' || event.shiftKey || event.altKey)
        return;
      if (!box.current || !root.current?.offsetParent || document.activeElement === box.current) return;
      event.preventDefault();
      box.current.focus();
      box.current.select();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [root, box]);
}
