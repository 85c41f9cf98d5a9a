'use client';
import { Avatar } from '@/components/ui/avatar';
import { Panel, PanelHead } from '@/components/ui/panel';
import { StatusWord } from '@/components/ui/status-word';
import { Tag } from '@/components/ui/tag';
import type { AdminDto } from '@/lib/views/dto';
import { initialsAmong } from '@/lib/shared/initials';
import { listWords } from '@/lib/shared/words';
import { type PersonActions, PersonForms, Since } from './person-forms';

type Person = AdminDto['people'][number];
type Props = {
  people: Person[];
  signRoles: AdminDto['signRoles'];
  mayManage: boolean;
  actions: PersonActions;
  firstKey: string;
  onDone: () => void;
};

export const People = ({ people, signRoles, mayManage, ...change }: Props) => {
  const initials = initialsAmong(people.map(({ name }) => name));
  return (
    <Panel>
      <PanelHead title="People" aside={String(people.length)} />
      <ul>
        {people.map((person) => (
          <li key={person.id} className="flex gap-3 border-t px-4 py-2 first:border-t-0">
            <span className="mt-0.5">
              <Avatar initials={initials(person.name)} />
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
              {person.signsAs.length > 0 && (
                <p className="text-12 text-t2">
                  signs as{' '}
                  {listWords(person.signsAs.map((id) => signRoles.find((role) => role.id === id)?.title ?? id))}
                </p>
              )}
              {mayManage ? (
                <PersonForms person={person} signRoles={signRoles} {...change} />
              ) : (
                <p className="text-12 text-t3">
                  <Since person={person} />
                </p>
              )}
            </div>
          </li>
        ))}
      </ul>
    </Panel>
  );
};
