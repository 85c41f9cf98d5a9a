import type { CutoverState, StepStatus } from '@/lib/shared/statuses';
import type { PressWords } from './in-place';
import type { BadgeDto } from '@/lib/views/dto';

export type Badge = BadgeDto;

/** Word and glyph in the wizard's header: the state, sharpened by the step that matters now. */
export function badgeWords(given: {
  state: CutoverState;
  current: { status: StepStatus; kind: string; human: boolean; rejected: boolean; firstOfSwitch: boolean } | null;
  under: 'switch' | 'rollback' | 'data rollback' | null;
  outside: boolean;
  /** What the one press of its runbook is called. */
  press?: PressWords;
}): Badge {
  const { state, current, under, outside } = given;
  const { noun, now, done } = given.press ?? { noun: 'switch', now: 'switching', done: 'switched' };
  if (outside) return { glyph: 'failed', text: 'rolled back outside' };
  if (under === 'switch') return { glyph: 'running', text: now };
  if (under) return { glyph: 'running', text: under === 'rollback' ? 'rolling back' : 'rolling back the data' };
  if (state === 'closed') return { glyph: 'passed', text: 'closed' };
  if (state === 'abandoned') return { glyph: 'locked', text: 'abandoned' };
  if (current?.status === 'failed') return { glyph: 'failed', text: current.human ? 'rejected' : 'step failed' };
  if (current?.rejected) return { glyph: 'failed', text: 'rejected' };
  if (current?.status === 'unknown') return { glyph: 'unknown', text: 'step unknown' };
  if (state === 'rolled_back') return { glyph: 'passed', text: 'rolled back' };
  if (state === 'planned') return { glyph: 'ready', text: 'planned' };
  if (current?.kind === 'sign-off' && (current.status === 'waiting' || current.status === 'stale'))
    return { glyph: current.status, text: current.status === 'stale' ? 'sign-off stale' : 'waits for sign-off' };
  if (current?.firstOfSwitch && current.status === 'ready') return { glyph: 'ready', text: `ready to ${noun}` };
  return { glyph: glyphOf(current?.status), text: state === 'switched' ? done : 'open' };
}

const glyphOf = (status: StepStatus | undefined): StepStatus =>
  status === 'stale' || status === 'running' || status === 'waiting' ? status : 'ready';
