import { useState } from 'react';
import { useZone } from '@/components/ui/clock';
import { isoOfLocal, localOf } from '@/lib/shared/zoned-time';

export type T0 = { zone: string; local: string; setLocal: (local: string) => void; iso: string | null };

/** The field's text in the viewer's zone: the suggestion until somebody types. */
export function useT0(suggested: string): T0 {
  const zone = useZone();
  const [typed, setTyped] = useState<string | null>(null);
  const local = typed ?? localOf(suggested, zone);
  return { zone, local, setLocal: setTyped, iso: isoOfLocal(local, zone) };
}
