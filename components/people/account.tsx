'use client';
import { FormAnswer } from '@/components/checklist/form-answer';
import { ActionForm } from '@/components/forms/action-form';
import { PageBody } from '@/components/shell/page-body';
import { Button } from '@/components/ui/button';
import { PageHead } from '@/components/ui/page-head';
import { Panel, PanelBody, PanelFoot, PanelHead } from '@/components/ui/panel';
import { Time } from '@/components/ui/time';
import type { Role } from '@/lib/shared/statuses';
import type { FormAction } from '@/lib/views/action-result';
import { newPassword, type TextField, TextFields } from './text-fields';

const fields: TextField[] = [
  { name: 'current', label: 'Current password', type: 'password', autoComplete: 'current-password' },
  newPassword,
];

type Props = {
  person: { name: string; email: string; roles: Role[]; signedInAt: string };
  /** The password was changed just now. */
  changed: boolean;
  changePassword: FormAction;
  firstKey: string;
};

/** One's own account. Name and roles are an admin's to change; the password is one's own. */
export function Account({ person, changed, changePassword, firstKey }: Props) {
  return (
    <PageBody>
      <PageHead title="Account" sub={`${person.name}, ${person.roles.join(', ')}`} />
      <div className="flex max-w-130 flex-col gap-4">
        <Panel>
          <PanelHead title="Signed in" />
          <PanelBody className="flex flex-col gap-1 text-t2">
            <p className="break-all">{person.email}</p>
            <p>
              last sign-in <Time iso={person.signedInAt} format="datetime" />
            </p>
          </PanelBody>
        </Panel>
        <Panel>
          <PanelHead title="Change password" />
          <ActionForm key={firstKey} action={changePassword} firstKey={firstKey} label="Change password">
            {({ state, pending, errorOf }) => (
              <>
                <PanelBody className="flex flex-col gap-4">
                  <TextFields fields={fields} errorOf={errorOf} />
                </PanelBody>
                <PanelFoot className="justify-between">
                  <div className="min-w-0 flex-1">
                    {!(state.ok === false && state.fieldErrors) && <FormAnswer state={state} />}
                    {changed && state.ok === null && (
                      <p role="status" className="text-13 text-t2">
                        Password changed. Your other sessions have ended.
                      </p>
                    )}
                  </div>
                  <Button type="submit" variant="primary" busy={pending ? 'Changing…' : undefined}>
                    Change password
                  </Button>
                </PanelFoot>
              </>
            )}
          </ActionForm>
        </Panel>
      </div>
    </PageBody>
  );
}
