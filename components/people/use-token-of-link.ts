import { useEffect, useState } from 'react';

/** The token stands in the link's fragment, which no server sees. It moves into its field and out of the address. */
export function useTokenOfLink(): [string, (token: string) => void] {
  const [token, setToken] = useState('');
  useEffect(() => {
    const take = () => {
      const found = window.location.hash.slice(1);
      if (!found) return;
      setToken(found);
      window.history.replaceState(null, '', window.location.pathname);
    };
    take();
    // The link pasted into the address of this very page loads nothing.
    window.addEventListener('hashchange', take);
    return () => window.removeEventListener('hashchange', take);
  }, []);
  return [token, setToken];
}
