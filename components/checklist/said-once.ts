import type { AttemptDto, StepDetailDto, WizardDto } from '@/lib/views/dto';

const plain = (text: string): string => text.trim().replace(/[.!?…]$/, '');

/** The text tells all of this message. */
export const says = (text: string, message: string): boolean => text.includes(plain(message));

/** A step that broke is told whole by its panel: cause, place, advice and code. */
export const isToldBelow = ({ status, running, moves }: StepDetailDto): boolean =>
  (status === 'failed' || (status === 'unknown' && moves.length > 0)) && !running;

/** What the sentence leaves to the panel of the same step; nothing, where the strip stands in that panel's place. */
export const sentenceRest = ({ next, step }: WizardDto, rest: string, panelShown: boolean): string =>
  panelShown && next.stepId === step.id && isToldBelow(step) ? '' : rest;

/** Last lines without those that only say the error's own words once more. */
export const linesBeside = ({ tail, error }: AttemptDto): AttemptDto['tail'] =>
  error ? tail.filter(({ text }) => !says(text, error.message)) : tail;

type Fault = { code: string; message: string } | null | undefined;
export const isSameError = (one: Fault, other: Fault): boolean =>
  !!one && !!other && one.code === other.code && plain(one.message) === plain(other.message);
