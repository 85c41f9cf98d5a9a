'use client';
import './style-nonce';
import { Check } from 'lucide-react';
import { DropdownMenu as Radix } from 'radix-ui';
import type { ComponentProps } from 'react';
import { cn } from './cn';

const item =
  'relative flex min-h-8 cursor-pointer select-none items-center gap-2 rounded-control px-2 py-1.5 text-t1 no-underline outline-none data-[highlighted]:bg-s3 data-[disabled]:text-t3 touch:min-h-11';

/** The page behind stays readable: a menu is no dialog. */
export const Menu = (props: ComponentProps<typeof Radix.Root>) => <Radix.Root modal={false} {...props} />;
export const MenuTrigger = Radix.Trigger;
export const MenuContent = ({ className, ...rest }: ComponentProps<typeof Radix.Content>) => (
  <Radix.Portal>
    <Radix.Content
      sideOffset={6}
      collisionPadding={8}
      {...rest}
      className={cn('z-50 min-w-44 animate-fade rounded-panel border bg-s1 p-1 shadow-float', className)}
    />
  </Radix.Portal>
);
export const MenuItem = ({ className, ...rest }: ComponentProps<typeof Radix.Item>) => (
  <Radix.Item {...rest} className={cn(item, className)} />
);
export const MenuLabel = ({ className, ...rest }: ComponentProps<typeof Radix.Label>) => (
  <Radix.Label {...rest} className={cn('px-2 py-1.5 text-12 text-t3', className)} />
);
export const MenuSeparator = () => <Radix.Separator className="-mx-1 my-1 h-px bg-line" />;
export const MenuRadioGroup = Radix.RadioGroup;
export const MenuRadioItem = ({ className, children, ...rest }: ComponentProps<typeof Radix.RadioItem>) => (
  <Radix.RadioItem {...rest} className={cn(item, 'pr-8', className)}>
    {children}
    <Radix.ItemIndicator className="absolute right-2">
      <Check size={14} aria-hidden="true" />
    </Radix.ItemIndicator>
  </Radix.RadioItem>
);
