'use client';
import { useState } from 'react';
import { FormAnswer } from '@/components/checklist/form-answer';
import { ActionForm } from '@/components/forms/action-form';
import { Button } from '@/components/ui/button';
import { Panel, PanelBody, PanelFoot, PanelHead } from '@/components/ui/panel';
import type { FormAction } from '@/lib/views/action-result';
import { RoleBoxes } from './role-boxes';
import { newPassword, type TextField, TextFields } from './text-fields';

type Props = { action: FormAction; firstKey: string; onDone: () => void };
const fields: TextField[] = [
  { name: 'name', label: 'Name', type: 'text', autoComplete: 'off' },
  { name: 'email', label: 'E-mail', type: 'email', autoComplete: 'off' },
  { ...newPassword, label: 'First password', hint: 'At least 10 characters. Hand it over yourself.' },
];

/** Adds a person. After a success the fields are new, so nobody adds the same person twice. */
export function AddPerson({ action, firstKey, onDone }: Props) {
  const [added, setAdded] = useState(0);
  return (
    <Panel>
      <PanelHead title="Add a person" />
      <ActionForm
        action={action}
        firstKey={firstKey}
        label="Add a person"
        onDone={() => {
          setAdded((before) => before + 1);
          onDone();
        }}
      >
        {({ state, pending, errorOf }) => (
          <>
            <PanelBody key={added} className="flex flex-col gap-4">
              <TextFields fields={fields} errorOf={errorOf} />
              <RoleBoxes chosen={['operator']} legend="Roles" error={errorOf('roles')} means />
            </PanelBody>
            <PanelFoot className="justify-between">
              <div className="min-w-0 flex-1">
                {!(state.ok === false && state.fieldErrors) && <FormAnswer state={state} />}
              </div>
              <Button type="submit" variant="primary" busy={pending ? 'Adding…' : undefined}>
                Add person
              </Button>
            </PanelFoot>
          </>
        )}
      </ActionForm>
    </Panel>
  );
}
