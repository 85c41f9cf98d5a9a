import type { z } from 'zod';
import { signOffTerms } from '@/lib/fleet/sign-off-terms';
import type { HumanStep } from './step';

export const step = {
  kind: 'sign-off',
  title: 'Sign off',
  why: 'A reviewer who ran nothing of this decides on the evidence.',
  params: signOffTerms,
  human: 'sign-off',
} satisfies HumanStep<z.infer<typeof signOffTerms>>;
