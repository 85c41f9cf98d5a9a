import { z } from 'zod';
import type { HumanStep } from './step';

const params = z.strictObject({
  items: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
        text: z.string().min(1),
        /** Id of the step whose checkpoints are laid beside the item. */
        evidence: z.string().optional(),
      }),
    )
    .min(1),
});

export const step = {
  kind: 'checklist',
  title: 'Tick the checklist',
  why: 'What only a person can see is ticked by a person, with a note.',
  params,
  human: 'checklist',
} satisfies HumanStep<z.infer<typeof params>>;
