'use client';
import { type ReactNode, useState } from 'react';
import { FormAnswer } from '@/components/checklist/form-answer';
import { ActionForm } from '@/components/forms/action-form';
import { Button } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy-button';
import { Disclosure } from '@/components/ui/disclosure';
import { Mono } from '@/components/ui/mono';
import { Time } from '@/components/ui/time';
import type { FormAction } from '@/lib/views/action-result';
import type { AdminDto } from '@/lib/views/dto';
import { RoleBoxes, SignRoleBoxes } from './role-boxes';

type Person = AdminDto['people'][number];
export type PersonActions = Record<
  'setRoles' | 'giveSignRoles' | 'makeResetLink' | 'deactivate' | 'reactivate' | 'remove',
  FormAction
>;
type Props = {
  person: Person;
  signRoles: AdminDto['signRoles'];
  actions: PersonActions;
  firstKey: string;
  onDone: () => void;
};
type OneProps = Omit<Props, 'actions' | 'signRoles'> & {
  action: FormAction;
  label: string;
  busy: string;
  means: string;
  danger?: boolean;
  children?: (errorOf: (field: string) => string | undefined) => ReactNode;
};

/** One act on one person: what it means stands beside its button, its answer below. */
const PersonForm = ({ person, action, firstKey, onDone, label, busy, means, danger, children }: OneProps) => (
  <ActionForm
    action={action}
    firstKey={firstKey}
    onDone={onDone}
    label={`${label}: ${person.name}`}
    className="flex flex-col items-start gap-2"
  >
    {({ state, pending, errorOf }) => (
      <>
        <input type="hidden" name="personId" value={person.id} />
        {children?.(errorOf)}
        <div className="flex flex-wrap items-center gap-3">
          <Button type="submit" size="sm" variant={danger ? 'danger' : 'secondary'} busy={pending ? busy : undefined}>
            {label}
          </Button>
          <span className="text-12 text-t3">{means}</span>
        </div>
        {!(state.ok === false && state.fieldErrors) && <FormAnswer state={state} />}
        {state.ok === true && state.copy && (
          <p className="flex max-w-full min-w-0 items-center gap-2 rounded-control bg-s2 px-3 py-1.5">
            <Mono className="min-w-0 text-12 break-all">{state.copy}</Mono>
            <CopyButton text={state.copy} label="Copy the link" />
          </p>
        )}
      </>
    )}
  </ActionForm>
);

export const Since = ({ person }: { person: Person }) => (
  <>
    since <Time iso={person.createdAt} format="date" />
  </>
);

/** What an admin may do to a person. */
export function PersonForms({ actions, signRoles, ...rest }: Props) {
  const { person } = rest;
  const [sure, setSure] = useState(false);
  return (
    <Disclosure
      summary={
        <span className="text-12">
          Change
          <span className="ml-3 text-t3">
            <Since person={person} />
          </span>
        </span>
      }
    >
      <div className="flex flex-col gap-4 pt-1 pb-2">
        <PersonForm
          {...rest}
          action={actions.setRoles}
          label="Change roles"
          busy="Changing…"
          means="Ends their sessions, so the new roles hold at once."
        >
          {(errorOf) => (
            <RoleBoxes chosen={person.roles} legend={`Roles of ${person.name}`} error={errorOf('roles')} means />
          )}
        </PersonForm>
        {signRoles.length > 0 && (
          <PersonForm
            {...rest}
            action={actions.giveSignRoles}
            label="Change what they sign as"
            busy="Changing…"
            means="Holds for the next signature; what they signed stays signed."
          >
            {(errorOf) => <SignRoleBoxes person={person} roles={signRoles} error={errorOf('signRoles')} />}
          </PersonForm>
        )}
        {!person.banned && (
          <PersonForm
            {...rest}
            action={actions.makeResetLink}
            label="Make a password link"
            busy="Making…"
            means="They set a new password by it, once, within the hour. Ends their sessions."
          />
        )}
        <PersonForm
          {...rest}
          action={person.banned ? actions.reactivate : actions.deactivate}
          label={person.banned ? 'Let in again' : 'Deactivate'}
          busy={person.banned ? 'Letting in…' : 'Deactivating…'}
          means={person.banned ? 'With the roles and the password they had.' : 'Ends their sessions; may be undone.'}
        />
        {sure ? (
          <PersonForm
            {...rest}
            action={actions.remove}
            label={`Remove ${person.name}`}
            busy="Removing…"
            means="For good: roles, password and address go. History keeps the name."
            danger
          />
        ) : (
          <Button size="sm" variant="ghost" className="self-start" onClick={() => setSure(true)}>
            Remove…
          </Button>
        )}
      </div>
    </Disclosure>
  );
}
