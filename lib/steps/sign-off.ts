import { z } from 'zod';
import type { HumanStep } from './step';

const params = z.strictObject({
  /** What it opens: the switch or the close. */
  covers: z.enum(['switch', 'close']),
});

export const step = {
  kind: 'sign-off',
  title: 'Sign off',
  why: 'A reviewer who ran nothing of this decides on the evidence.',
  params,
  human: 'sign-off',
} satisfies HumanStep<z.infer<typeof params>>;
