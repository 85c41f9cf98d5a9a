'use client';
import { Layers, X } from 'lucide-react';
import { createContext, useContext, useMemo, useState } from 'react';
import { Button, ButtonLink } from '@/components/ui/button';
import { Checkbox } from '@/components/ui/checkbox';
import { routes } from '@/lib/shared/routes';
import { countWords } from '@/lib/shared/words';
import type { FleetRowDto } from '@/lib/views/dto';
import { keyOf, mayJoinWave } from './fleet-state';

type Selection = {
  /** Of the rows that are still there and may still start. */
  chosen: FleetRowDto[];
  has(row: FleetRowDto): boolean;
  set(rows: FleetRowDto[], on: boolean): void;
  clear(): void;
};
const Context = createContext<Selection | null>(null);

/** The profiles chosen for a wave: of those shown before a filter as well, so that one may gather over several. */
export function useWave(rows: FleetRowDto[]): Selection {
  const [keys, setKeys] = useState<ReadonlySet<string>>(() => new Set());
  return useMemo(
    () => ({
      chosen: rows.filter((row) => keys.has(keyOf(row)) && mayJoinWave(row)),
      has: (row) => keys.has(keyOf(row)),
      set: (changed, on) =>
        setKeys((before) => {
          const next = new Set(before);
          for (const row of changed) on ? next.add(keyOf(row)) : next.delete(keyOf(row));
          return next;
        }),
      clear: () => setKeys(new Set()),
    }),
    [rows, keys],
  );
}
export const WaveProvider = Context.Provider;

/** Choosing is for those who may plan; for everybody else the column is not there. */
export const useSelection = (): Selection | null => useContext(Context);

export function SelectRow({ row }: { row: FleetRowDto }) {
  const selection = useSelection();
  if (!selection || !mayJoinWave(row)) return null;
  return (
    <Checkbox
      label={`Choose ${row.sourceId} for a wave`}
      className="relative"
      checked={selection.has(row)}
      onChange={(on) => selection.set([row], on)}
    />
  );
}

/** All of a group, or of the whole list. */
export function SelectRows({ rows, label }: { rows: FleetRowDto[]; label: string }) {
  const selection = useSelection();
  const able = rows.filter(mayJoinWave);
  if (!selection || able.length === 0) return null;
  const chosen = able.filter((row) => selection.has(row)).length;
  return (
    <Checkbox
      label={label}
      className="relative"
      checked={chosen === 0 ? false : chosen === able.length || 'indeterminate'}
      onChange={(on) => selection.set(able, on)}
    />
  );
}

const explained = 'Choose profiles in the list first: those in source mode can start.';

export function PlanWave({ selection: { chosen, clear } }: { selection: Selection }) {
  if (chosen.length === 0)
    return (
      <Button icon={<Layers size={15} />} disabledReason={explained} className="max-md:hidden">
        Plan a wave…
      </Button>
    );
  return (
    <>
      <Button variant="ghost" icon={<X size={15} />} onClick={clear}>
        {countWords(chosen.length, 'profile')}
      </Button>
      <ButtonLink href={routes.wave(chosen)} icon={<Layers size={15} />}>
        Plan a wave…
      </ButtonLink>
    </>
  );
}
