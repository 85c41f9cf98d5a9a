'use client';
import { createContext, useContext } from 'react';
import type { FormAction } from '@/lib/views/action-result';
import type { WizardDto } from '@/lib/views/dto';
import type { HeldPress } from './use-own-press';
import type { WizardPlace } from './wizard-url';

/** The server's actions of the wizard page; they arrive as props, so that no component reaches into a route. */
export type WizardActions = Record<
  | 'runStep'
  | 'makePlan'
  | 'cancelAttempt'
  | 'chooseRule'
  | 'tickItem'
  | 'addNote'
  | 'remindReviewers'
  | 'rollBack'
  | 'askSecondPerson'
  | 'confirmSecondPerson'
  | 'overrideStep'
  | 'confirmOverride'
  | 'abandon'
  | 'adoptFiles'
  | 'confirmOutsideAct',
  FormAction
>;

type Around = {
  view: WizardDto;
  actions: WizardActions;
  /** First idempotency key of the page's forms; every answer brings the next. */
  firstKey: string;
  place: WizardPlace;
  /** `replace`: without a step in the browser's history, so that Back does not bring the place of before. */
  go: (place: WizardPlace, how?: 'replace') => void;
  refresh: () => void;
  /** What was pressed here and does not show yet. */
  held: HeldPress;
};

const Context = createContext<Around | null>(null);
export const WizardProvider = Context.Provider;

export function useWizard(): Around {
  const around = useContext(Context);
  if (!around) throw new Error('useWizard outside of a wizard');
  return around;
}
