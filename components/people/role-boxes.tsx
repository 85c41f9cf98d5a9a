import { ChoiceBox } from '@/components/ui/choice-box';
import type { AdminDto } from '@/lib/views/dto';
import { type Role, roles } from '@/lib/shared/statuses';

export const roleMeans: Record<Role, string> = {
  operator: 'plans and runs steps',
  reviewer: 'signs off on evidence',
  admin: 'manages people, confirms overrides',
};

type SignProps = {
  person: AdminDto['people'][number];
  roles: AdminDto['signRoles'];
  error: string | undefined;
};

/** For which roles that runbooks name a person may sign. */
export const SignRoleBoxes = ({ person, roles: known, error }: SignProps) => (
  <fieldset>
    <legend className="mb-1 block text-t2">{person.name} signs as</legend>
    <div className="flex flex-col gap-1">
      {known.map(({ id, title }) => (
        <ChoiceBox key={id} name="signRoles" value={id} defaultChecked={person.signsAs.includes(id)}>
          <span className="text-t1">{title}</span>
        </ChoiceBox>
      ))}
    </div>
    {!person.roles.includes('reviewer') && (
      <p className="mt-1 text-12 text-t3">To sign anything they need the role reviewer as well.</p>
    )}
    {error && (
      <p role="alert" className="mt-1 text-12 text-red">
        {error}
      </p>
    )}
  </fieldset>
);

type Props = { chosen: Role[]; legend: string; error?: string | undefined; means?: boolean };

export const RoleBoxes = ({ chosen, legend, error, means }: Props) => (
  <fieldset>
    <legend className="mb-1 block text-t2">{legend}</legend>
    <div className={means ? 'flex flex-col gap-1' : 'flex flex-wrap gap-x-5 gap-y-1'}>
      {roles.map((role) => (
        <ChoiceBox key={role} name="roles" value={role} defaultChecked={chosen.includes(role)}>
          <span className="text-t1">{role}</span>
          {means && <span className="text-12 text-t3">{roleMeans[role]}</span>}
        </ChoiceBox>
      ))}
    </div>
    {error && (
      <p role="alert" className="mt-1 text-12 text-red">
        {error}
      </p>
    )}
  </fieldset>
);
