'use client';
import { Check, Minus } from 'lucide-react';
import { Checkbox as Radix } from 'radix-ui';
import { cn } from './cn';

type Props = {
  /** For readers; the visible words may stand beside. */
  label: string;
  checked?: boolean | 'indeterminate';
  defaultChecked?: boolean;
  onChange?: (checked: boolean) => void;
  name?: string;
  value?: string;
  className?: string;
};
export const Checkbox = ({ label, checked, onChange, className, ...rest }: Props) => (
  <Radix.Root
    {...rest}
    {...(checked === undefined ? {} : { checked })}
    aria-label={label}
    onCheckedChange={(next) => onChange?.(next === true)}
    className={cn(
      'group grid size-4 shrink-0 place-items-center rounded-chip border border-line2 bg-bg after:absolute after:size-9 touch:after:size-11 data-[state=checked]:border-ink data-[state=checked]:bg-ink data-[state=indeterminate]:border-ink data-[state=indeterminate]:bg-ink',
      className,
    )}
  >
    <Radix.Indicator className="text-on-ink">
      <Check size={12} strokeWidth={3} aria-hidden="true" className="group-data-[state=indeterminate]:hidden" />
      <Minus size={12} strokeWidth={3} aria-hidden="true" className="hidden group-data-[state=indeterminate]:block" />
    </Radix.Indicator>
  </Radix.Root>
);
