'use client';
import { ChevronDown } from 'lucide-react';
import { cn } from './cn';
import { Menu, MenuContent, MenuRadioGroup, MenuRadioItem, MenuTrigger } from './menu';

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

/** One of a list. In a form that must work before hydration take NativeSelect. */
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
    <Menu>
      {name && <input type="hidden" name={name} value={value} />}
      <MenuTrigger
        aria-label={label ? `${label}: ${chosen?.label ?? placeholder}` : undefined}
        className={cn(
          'inline-flex min-w-0 items-center gap-2 rounded-control border border-line2/55 bg-s1 text-t2 hover:border-line2 hover:bg-s2 touch:h-11',
          size === 'sm' ? 'h-7 px-2.5 text-12' : 'h-9 px-3 text-13',
          className,
        )}
      >
        {label && <span>{label}</span>}
        <span className={cn('min-w-0 truncate text-t1', label && 'font-medium')}>{chosen?.label ?? placeholder}</span>
        <ChevronDown size={14} aria-hidden="true" className="ml-auto shrink-0" />
      </MenuTrigger>
      <MenuContent
        align="start"
        className="max-h-[min(420px,var(--radix-dropdown-menu-content-available-height))] min-w-[var(--radix-dropdown-menu-trigger-width)] overflow-y-auto"
      >
        <MenuRadioGroup value={value} onValueChange={onChange}>
          {options.map((option) => (
            <MenuRadioItem key={option.value} value={option.value}>
              {option.label}
              {option.detail && <span className="text-12 text-t3">{option.detail}</span>}
            </MenuRadioItem>
          ))}
        </MenuRadioGroup>
      </MenuContent>
    </Menu>
  );
}
