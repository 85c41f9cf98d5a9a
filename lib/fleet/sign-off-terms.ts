import { z } from 'zod';

const signOffRole = z.strictObject({
  id: z.string().regex(/^[A-Za-z][A-Za-z0-9_-]*$/, 'letters, digits, dashes'),
  title: z.string().min(1),
});

/** What a sign-off asks for: parameters of its line in the runbook. */
export const signOffTerms = z.strictObject({
  /** What it opens: the switch or the close. */
  covers: z.enum(['switch', 'close']),
  /** Each decides by a person of its own; it is signed when all are. Without roles one reviewer decides. */
  roles: z
    .array(signOffRole)
    .refine((roles) => new Set(roles.map(({ id }) => id)).size === roles.length, 'each role once')
    .default([]),
  /** true: one person may decide for several roles. */
  several_roles: z.boolean().default(false),
  /** A number or name of the approval in the organisation's own records. */
  approval_reference: z.enum(['none', 'optional', 'required']).default('none'),
});
export type SignOffTerms = z.infer<typeof signOffTerms>;
export type SignOffRole = z.infer<typeof signOffRole>;
