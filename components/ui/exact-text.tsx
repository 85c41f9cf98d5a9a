import type { ReactNode } from 'react';
import { cn } from './cn';

type Props = { label: string; className?: string; children: ReactNode };

/** SQL, a request, a command, as it is. Where it is longer than its box it scrolls, also by keys. */
export const ExactText = ({ label, className, children }: Props) => (
  // biome-ignore lint/a11y/useSemanticElements: a fieldset is a part of a form
  <div
    role="group"
    aria-label={label}
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
    tabIndex={0}
    className={cn('overflow-auto -outline-offset-2! font-mono text-12 leading-5 text-t2', className)}
  >
    <pre className="font-[inherit] [white-space:inherit] [overflow-wrap:inherit]">{children}</pre>
  </div>
);
