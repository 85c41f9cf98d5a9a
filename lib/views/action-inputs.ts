/** The fields of every form, by action. What is not listed is ignored; the actor always comes from the session. */
import { z } from 'zod';
import { breaks } from '@/lib/shared/breaks';
import { roles } from '@/lib/shared/statuses';

const key = z.uuid();
const id = z.string().min(1).max(200);
const text = (max: number) => z.string().trim().max(max);
const optional = <T extends z.ZodType>(type: T) =>
  z.preprocess((value) => (value === '' ? undefined : value), type.optional());
/** A field that a form holds never, once or often. */
const listed = <T extends z.ZodType>(type: T) =>
  z.preprocess((value) => (value === undefined ? [] : Array.isArray(value) ? value : [value]), type);
const roleList = listed(z.array(z.enum(roles)).min(1, 'Choose at least one role.'));
const parseOrNull = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};
const password = z.string().min(10, 'At least 10 characters.').max(128, 'At most 128 characters.');

/** `typedId`: the source id typed in a decision card; `password`: only when the card asks for it. */
const card = { typedId: optional(text(200)), password: optional(z.string().max(128)) };

/** What a form says of the newest attempt it shows, where there is none. */
export const noAttempt = 'none';
export const runStepForm = z.object({
  key,
  cutoverId: id,
  stepId: id,
  planDigest: optional(id),
  seenAttempt: optional(id.transform((seen) => (seen === noAttempt ? null : seen))),
  ...card,
});
export const makePlanForm = z.object({ key, cutoverId: id, stepId: id });
export const cancelAttemptForm = z.object({ key, cutoverId: id, attemptId: id });
export const chooseRuleForm = z
  .object({
    key,
    cutoverId: id,
    /** Once for each finding that gets the rule. */
    findingKey: z.preprocess(
      (value) => (typeof value === 'string' ? [value] : value),
      z.array(z.string().min(1).max(500)).min(1).max(5000),
    ),
    rule: id,
    /** The source id typed, where the rule loses values. */
    typedId: optional(text(200)),
  })
  .transform(({ findingKey, ...rest }) => ({ ...rest, findingKeys: findingKey }));
export const tickItemForm = z.object({
  key,
  cutoverId: id,
  stepId: id,
  itemId: id,
  note: text(2000).min(1, 'Write what you saw.'),
});
export const addNoteForm = z.object({
  key,
  cutoverId: id,
  stepId: optional(id),
  text: text(4000).min(1, 'Write a note first.'),
});
export const remindReviewersForm = z.object({ key, cutoverId: id, stepId: id });
export const rollBackForm = z.object({
  key,
  cutoverId: id,
  kind: z.enum(['runtime', 'data']),
  planDigest: optional(id),
  reason: optional(text(2000)),
  ...card,
});
export const confirmSecondPersonForm = z.object({
  key,
  cutoverId: id,
  act: z.enum(['rollback', 'data-rollback']),
  planDigest: id,
  seenLoss: optional(text(40)),
});
export const askSecondPersonForm = z.object({
  key,
  cutoverId: id,
  act: optional(z.enum(['rollback', 'data-rollback'])),
});
export const overrideStepForm = z.object({
  key,
  cutoverId: id,
  stepId: id,
  reason: text(2000).min(1, 'Write the reason.'),
  ...card,
});
export const confirmOverrideForm = z.object({ key, cutoverId: id, stepId: id });
export const abandonForm = z.object({ key, cutoverId: id, reason: optional(text(2000)), ...card });
export const adoptFilesForm = z.object({ key, cutoverId: id });
export const confirmOutsideActForm = z.object({ key, cutoverId: id });
export const planCutoverForm = z.object({
  key,
  system: id,
  sourceId: id,
  runbook: id,
  kind: z.enum(['live', 'rehearsal']).default('live'),
  /** Names of surfaces parted by commas; empty: all. */
  surfaces: z
    .string()
    .default('')
    .transform((text) => text.split(',').filter(Boolean)),
  asked: z.preprocess(
    (value) => (typeof value === 'string' ? [value] : (value ?? [])),
    z.array(id).max(20, 'At most 20 people.'),
  ),
  /** ISO time with its zone; the page adds the viewer's zone. */
  t0: z.iso.datetime({ offset: true, message: 'A date and time, e.g. 2026-11-21T02:30:00Z.' }),
});
/** One profile of a wave: [system, source id] as JSON, since a source id may hold any printable character. */
const waveProfile = z
  .string()
  .max(1_000)
  .transform((written, ctx) => {
    const read = z.tuple([id, id]).safeParse(parseOrNull(written));
    if (read.success) return { system: read.data[0], sourceId: read.data[1] };
    ctx.addIssue({ code: 'custom', message: 'Choose the profiles on the fleet page.' });
    return z.NEVER;
  });
export const planWaveForm = z
  .object({
    key,
    profile: z.preprocess(
      (value) => (typeof value === 'string' ? [value] : value),
      z.array(waveProfile).min(1, 'Choose at least one profile.').max(100, 'At most 100 profiles.'),
    ),
    t0: z.iso.datetime({ offset: true, message: 'A date and time, e.g. 2026-11-21T02:30:00Z.' }),
    gapMinutes: z.coerce.number().int('Whole minutes.').min(0, 'Not less than 0.').max(1_440, 'At most a day.'),
  })
  .transform(({ profile, ...rest }) => ({ ...rest, profiles: profile }));
export const moveFileForm = z.object({
  key,
  fileId: z.string().min(1, 'Choose a file.').max(64),
  dsnName: z.string().min(1, 'Choose a DSN.').max(200),
  schema: z.string().min(1, 'Write a schema name.').max(200),
});
export const signOffForm = z.object({
  key,
  cutoverId: id,
  stepId: id,
  decision: z.enum(['signed', 'rejected']),
  fingerprint: id,
  reason: optional(text(2000)),
  role: optional(text(80)),
  approvalReference: optional(text(200)),
});
export const breakForm = z.object({
  key,
  what: z.enum(breaks),
  service: optional(id),
  cutoverId: optional(id),
});
export const lookForm = z.object({ cutoverId: id, stepId: id });
export const createPersonForm = z.object({
  key,
  name: text(80).min(1, 'Write a name.'),
  email: z.email('An e-mail address, e.g. operator@example.org.'),
  password,
  roles: roleList,
});
export const personForm = z.object({ key, personId: id });
export const checkAgainForm = z.object({ key });
export const setRolesForm = z.object({ key, personId: id, roles: roleList });
/** No box ticked: the person signs for no role. */
export const giveSignRolesForm = z.object({ key, personId: id, signRoles: listed(z.array(id).max(50)) });
export const signInForm = z.object({
  email: text(200).min(1, 'Write your e-mail address.'),
  password: z.string().min(1, 'Write your password.').max(128),
  next: optional(text(500)),
});
export const changePasswordForm = z.object({
  key,
  current: z.string().min(1, 'Write your current password.').max(128),
  password,
});
export const newPasswordForm = z.object({
  token: text(200).min(1, 'Open the link that the admin gave you.'),
  password,
});
export const setupForm = z.object({
  token: text(200).min(1, 'Paste the token of the printed link.'),
  name: text(80).min(1, 'Write a name.'),
  email: z.email('An e-mail address, e.g. admin@example.org.'),
  password,
});
export const switchPersonForm = z.object({ email: text(200).min(1) });
