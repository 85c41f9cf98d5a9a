import { Check } from 'lucide-react';
import { type Role, roles } from '@/lib/shared/statuses';

export const roleMeans: Record<Role, string> = {
  operator: 'plans and runs steps',
  reviewer: 'signs off on evidence',
  admin: 'manages people, confirms overrides',
};

type Props = { chosen: Role[]; legend: string; error?: string | undefined; means?: boolean };

/** The browser's own boxes: they work before hydration. */
export const RoleBoxes = ({ chosen, legend, error, means }: Props) => (
  <fieldset>
    <legend className="mb-1 block text-t2">{legend}</legend>
    <div className={means ? 'flex flex-col gap-1' : 'flex flex-wrap gap-x-5 gap-y-1'}>
      {roles.map((role) => (
        <label key={role} className="flex min-h-6 cursor-pointer items-center gap-2 touch:min-h-11">
          <span className="relative grid size-4 shrink-0 place-items-center">
            <input
              type="checkbox"
              name="roles"
              value={role}
              defaultChecked={chosen.includes(role)}
              className="peer size-4 cursor-pointer appearance-none rounded-chip border border-line2 bg-bg checked:border-ink checked:bg-ink"
            />
            <Check
              size={12}
              strokeWidth={3}
              aria-hidden="true"
              className="pointer-events-none absolute hidden text-on-ink peer-checked:block"
            />
          </span>
          <span className="text-t1">{role}</span>
          {means && <span className="text-12 text-t3">{roleMeans[role]}</span>}
        </label>
      ))}
    </div>
    {error && (
      <p role="alert" className="mt-1 text-12 text-red">
        {error}
      </p>
    )}
  </fieldset>
);
