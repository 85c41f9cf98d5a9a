'use client';
import { Check, ChevronDown } from 'lucide-react';
import { Select as Radix } from 'radix-ui';
import { cn } from './cn';

export type SelectOption = { value: string; label: string; detail?: string };
type Props = {
  value: string;
  onChange: (value: string) => void;
  options: SelectOption[];
  /** Stands in the button before the value: "System all". */
  label?: string;
  name?: string;
  size?: 'sm' | 'md';
  placeholder?: string;
  className?: string;
};
// Radix keeps '' for "nothing chosen"; an option may be empty all the same.
const inside = (value: string) => (value === '' ? '\u0000' : value);
const outside = (value: string) => (value === '\u0000' ? '' : value);

export function Select({
  value,
  onChange,
  options,
  label,
  name,
  size = 'sm',
  placeholder = 'Choose',
  className,
}: Props) {
  const chosen = options.find((option) => option.value === value);
  return (
    <Radix.Root
      value={chosen ? inside(value) : undefined}
      onValueChange={(next) => onChange(outside(next))}
      name={name}
    >
      <Radix.Trigger
        aria-label={label ? `${label}: ${chosen?.label ?? placeholder}` : (chosen?.label ?? placeholder)}
        className={cn(
          'inline-flex min-w-0 items-center gap-2 rounded-control border border-line2/55 bg-s1 text-t2 hover:border-line2 hover:bg-s2 touch:h-11',
          size === 'sm' ? 'h-7 px-2.5 text-12' : 'h-9 px-3 text-13',
          className,
        )}
      >
        {label && <span>{label}</span>}
        <span className={cn('min-w-0 truncate text-t1', label && 'font-medium')}>{chosen?.label ?? placeholder}</span>
        <ChevronDown size={14} aria-hidden="true" className="ml-auto shrink-0" />
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          position="popper"
          sideOffset={6}
          collisionPadding={8}
          className="z-50 max-h-[min(420px,var(--radix-select-content-available-height))] min-w-[var(--radix-select-trigger-width)] animate-fade overflow-hidden rounded-panel border bg-s1 p-1 shadow-float"
        >
          <Radix.Viewport>
            {options.map((option) => (
              <Radix.Item
                key={option.value}
                value={inside(option.value)}
                className="relative flex min-h-8 cursor-pointer select-none items-center gap-3 rounded-control py-1 pr-8 pl-2 text-t1 outline-none data-[highlighted]:bg-s3 touch:min-h-11"
              >
                <Radix.ItemText>{option.label}</Radix.ItemText>
                {option.detail && <span className="text-12 text-t3">{option.detail}</span>}
                <Radix.ItemIndicator className="absolute right-2">
                  <Check size={14} aria-hidden="true" />
                </Radix.ItemIndicator>
              </Radix.Item>
            ))}
          </Radix.Viewport>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
