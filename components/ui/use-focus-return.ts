import { useRef } from 'react';

/**
 * Gives the focus back to what had it before a dialog opened. Radix goes back to its own trigger only; most of our dialogs
 * are opened by a link, a key or a form.
 */
export function useFocusReturn(): { remember: () => void; giveBack: (event: Event) => void } {
  const before = useRef<Element>(null);
  return {
    remember: () => {
      before.current = document.activeElement;
    },
    giveBack: (event) => {
      const opener = before.current;
      if (!(opener instanceof HTMLElement) || !opener.isConnected || opener === document.body) return;
      event.preventDefault();
      opener.focus({ preventScroll: true });
    },
  };
}
