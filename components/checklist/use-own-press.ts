'use client';
import { useCallback, useEffect, useState } from 'react';
import type { WizardDto } from '@/lib/views/dto';
import { type OwnPress, owedPress, pressLateMs } from './own-press';

const lookMs = 2_000;

export type HeldPress = {
  press: OwnPress | null;
  /** The limit has passed without a sign of it. */
  late: boolean;
  /** The server took it. */
  took: (press: OwnPress) => void;
  lookAgain: () => void;
};

/** Keeps a press until a view shows it: between the server's answer and that view the old page must not invite another. */
export function useOwnPress(view: WizardDto, refresh: () => void, look: () => void): HeldPress {
  const [taken, setTaken] = useState<OwnPress | null>(null);
  const [late, setLate] = useState(false);
  const press = owedPress(taken, view);
  const gone = taken !== null && press === null;
  useEffect(() => {
    if (gone) setTaken(null);
  }, [gone]);
  const waits = press !== null;
  useEffect(() => {
    if (!waits || late) return;
    const limit = setTimeout(() => setLate(true), pressLateMs);
    const timer = setInterval(look, lookMs);
    return () => {
      clearTimeout(limit);
      clearInterval(timer);
    };
  }, [waits, late, look]);
  const took = useCallback((one: OwnPress) => {
    setLate(false);
    setTaken(one);
  }, []);
  const lookAgain = useCallback(() => {
    setLate(false);
    refresh();
  }, [refresh]);
  return { press, late: waits && late, took, lookAgain };
}
