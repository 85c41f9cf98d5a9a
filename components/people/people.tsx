'use client';
import { FormAnswer } from '@/components/checklist/form-answer';
import { ActionForm } from '@/components/forms/action-form';
import { Avatar } from '@/components/ui/avatar';
import { Button } from '@/components/ui/button';
import { Disclosure } from '@/components/ui/disclosure';
import { Panel, PanelHead } from '@/components/ui/panel';
import { StatusWord } from '@/components/ui/status-word';
import { Tag } from '@/components/ui/tag';
import { Time } from '@/components/ui/time';
import type { FormAction } from '@/lib/views/action-result';
import type { AdminDto } from '@/lib/views/dto';
import { initialsOfName } from './initials';
import { RoleBoxes } from './role-boxes';

type Person = AdminDto['people'][number];
type Props = { people: Person[]; mayManage: boolean; setRoles: FormAction; firstKey: string; onDone: () => void };

const RolesForm = ({
  person,
  setRoles,
  firstKey,
  onDone,
}: Omit<Props, 'people' | 'mayManage'> & { person: Person }) => (
  <Disclosure summary={<span className="text-12">Change roles</span>} className="mt-1">
    <ActionForm
      action={setRoles}
      firstKey={firstKey}
      onDone={onDone}
      label={`Roles of ${person.name}`}
      className="flex flex-col items-start gap-3 pt-1 pb-2"
    >
      {({ state, pending, errorOf }) => (
        <>
          <input type="hidden" name="personId" value={person.id} />
          <RoleBoxes chosen={person.roles} legend={`Roles of ${person.name}`} error={errorOf('roles')} means />
          <div className="flex flex-wrap items-center gap-3">
            <Button type="submit" size="sm" busy={pending ? 'Changing…' : undefined}>
              Change roles
            </Button>
            <span className="text-12 text-t3">Ends their sessions, so the new roles hold at once.</span>
          </div>
          {!(state.ok === false && state.fieldErrors) && <FormAnswer state={state} />}
        </>
      )}
    </ActionForm>
  </Disclosure>
);

export const People = ({ people, mayManage, ...change }: Props) => (
  <Panel>
    <PanelHead title="People" aside={String(people.length)} />
    <ul>
      {people.map((person) => (
        <li key={person.id} className="flex gap-3 border-t px-4 py-2.5 first:border-t-0">
          <span className="mt-0.5">
            <Avatar initials={initialsOfName(person.name)} />
          </span>
          <div className="min-w-0 flex-1">
            <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
              <p className="min-w-0 font-medium break-words">{person.name}</p>
              {person.email && <p className="min-w-0 break-all text-t3">{person.email}</p>}
              <p className="ml-auto flex items-center gap-1.5 max-md:ml-0">
                {person.banned && <StatusWord status="cancelled">may not sign in</StatusWord>}
                {person.roles.map((role) => (
                  <Tag key={role}>{role}</Tag>
                ))}
                {person.roles.length === 0 && <span className="text-t3">no role</span>}
              </p>
            </div>
            <p className="text-12 text-t3">
              since <Time iso={person.createdAt} format="date" />
            </p>
            {mayManage && <RolesForm person={person} {...change} />}
          </div>
        </li>
      ))}
    </ul>
  </Panel>
);
