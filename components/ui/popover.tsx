'use client';
import './style-nonce';
import { Popover as Radix } from 'radix-ui';
import type { ComponentProps } from 'react';
import { cn } from './cn';

export const Popover = Radix.Root;
export const PopoverTrigger = Radix.Trigger;
export const PopoverContent = ({ className, ...rest }: ComponentProps<typeof Radix.Content>) => (
  <Radix.Portal>
    <Radix.Content
      sideOffset={6}
      collisionPadding={8}
      {...rest}
      className={cn('z-50 animate-fade rounded-panel border bg-s1 p-4 shadow-float outline-none', className)}
    />
  </Radix.Portal>
);
