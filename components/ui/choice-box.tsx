import { Check } from 'lucide-react';
import type { ReactNode } from 'react';

type Props = { name: string; value: string; defaultChecked?: boolean; children: ReactNode };

/** The browser's own box with its words, in our look: for forms that work before hydration. */
export const ChoiceBox = ({ children, ...input }: Props) => (
  <label className="flex min-h-6 cursor-pointer items-center gap-2 touch:min-h-11">
    <span className="relative grid size-4 shrink-0 place-items-center">
      <input
        {...input}
        type="checkbox"
        className="peer size-4 cursor-pointer appearance-none rounded-chip border border-line2 bg-bg checked:border-ink checked:bg-ink"
      />
      <Check
        size={12}
        strokeWidth={3}
        aria-hidden="true"
        className="pointer-events-none absolute hidden text-on-ink peer-checked:block"
      />
    </span>
    {children}
  </label>
);
