'use client';
import { useState } from 'react';
import { Checkbox } from '@/components/ui/checkbox';
import { Mono } from '@/components/ui/mono';
import type { ProfileChoice } from './choose-profile';

type Props = { surfaces: ProfileChoice['surfaces']; to: string };

/** Which of a service's surfaces the cutover moves: at first those that are not there yet. */
export function SurfaceChoice({ surfaces, to }: Props) {
  const left = surfaces.filter(({ observed }) => observed !== to).map(({ name }) => name);
  const [chosen, setChosen] = useState<string[]>(left.length ? left : surfaces.map(({ name }) => name));
  const isAll = chosen.length === surfaces.length;
  // At least one stays chosen: a cutover of nothing is none.
  const toggle = (name: string) =>
    setChosen((now) => {
      const next = now.includes(name) ? now.filter((one) => one !== name) : [...now, name];
      return next.length ? next : now;
    });
  return (
    <fieldset className="border-t px-4 py-3">
      <legend className="sr-only">Surfaces to move</legend>
      <input type="hidden" name="surfaces" value={isAll ? '' : chosen.join(',')} />
      <p className="text-t2">
        Surfaces to move{' '}
        <span className="text-12 text-t3">
          {isAll
            ? 'All at once, with one restart.'
            : 'The others stay as they are; their files and tables are not touched.'}
        </span>
      </p>
      <div className="mt-2 flex flex-wrap gap-x-6 gap-y-2">
        {surfaces.map(({ name, title, observed }) => (
          <span key={name} className="relative flex min-h-8 items-center gap-2 text-t1">
            <Checkbox label={`Move ${title}`} checked={chosen.includes(name)} onChange={() => toggle(name)} />
            <span aria-hidden="true">{title}</span> <Mono className="text-12 text-t3">{observed ?? 'unknown'}</Mono>
          </span>
        ))}
      </div>
    </fieldset>
  );
}
