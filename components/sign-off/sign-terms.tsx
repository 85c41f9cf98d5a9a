'use client';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { NativeSelect } from '@/components/ui/native-select';
import type { ReviewsDto } from '@/lib/views/dto';

type Selected = NonNullable<ReviewsDto['selected']>;

/** A decision that asks for more than a press. */
export const asksTerms = ({ roles, approvalReference }: Selected): boolean =>
  roles.length > 0 || approvalReference !== 'none';

/** For which role a person decides, and under which reference the approval is on record. */
export function SignTerms({
  selected,
  errors,
}: {
  selected: Selected;
  errors: Record<string, string | undefined> | undefined;
}) {
  const { roles, approvalReference } = selected;
  const open = roles.filter(({ stands, refused }) => stands !== 'signed' && !refused);
  if (!asksTerms(selected)) return null;
  return (
    <div className="mt-4 flex flex-col gap-3">
      {roles.length > 0 && (
        <Field label="You decide as" hint="One person decides for one role." error={errors?.role}>
          {(id, describedBy, invalid) => (
            <NativeSelect
              id={id}
              aria-describedby={describedBy}
              invalid={invalid}
              name="role"
              required
              defaultValue={open.length === 1 ? open[0]?.id : ''}
            >
              <option value="" disabled>
                Choose your role
              </option>
              {open.map(({ id: role, title }) => (
                <option key={role} value={role}>
                  {title}
                </option>
              ))}
            </NativeSelect>
          )}
        </Field>
      )}
      {approvalReference !== 'none' && (
        <Field
          label="Approval reference"
          hint={`Number or name under which the approval is on record${approvalReference === 'optional' ? ', if there is one' : ''}.`}
          error={errors?.approvalReference}
        >
          {(id, describedBy, invalid) => (
            <Input
              id={id}
              aria-describedby={describedBy}
              invalid={invalid}
              name="approvalReference"
              maxLength={200}
              autoComplete="off"
              required={approvalReference === 'required'}
            />
          )}
        </Field>
      )}
    </div>
  );
}
