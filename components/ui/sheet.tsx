'use client';
import './style-nonce';
import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { IconButton } from './button';
import { cn } from './cn';

export const Sheet = Radix.Root;
export const SheetTrigger = Radix.Trigger;

/** Rises from the foot of a narrow screen. */
export const SheetContent = ({
  title,
  className,
  children,
}: {
  title: string;
  className?: string;
  children: ReactNode;
}) => (
  <Radix.Portal>
    <Radix.Overlay className="fixed inset-0 z-40 animate-fade bg-scrim" />
    <Radix.Content
      aria-describedby={undefined}
      // The first control would show its tooltip; the sheet itself takes the focus.
      onOpenAutoFocus={(event) => {
        event.preventDefault();
        (event.currentTarget as HTMLElement).focus();
      }}
      className={cn(
        'fixed inset-x-0 bottom-0 z-50 flex max-h-[85dvh] animate-fade flex-col rounded-t-dialog border-t bg-s1 shadow-dialog outline-none',
        className,
      )}
    >
      <div className="flex shrink-0 items-center border-b py-1 pr-2 pl-4">
        <Radix.Title className="text-14 font-semibold">{title}</Radix.Title>
        <Radix.Close asChild>
          <IconButton label="Close" className="ml-auto" icon={<X size={18} />} />
        </Radix.Close>
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto pb-[env(safe-area-inset-bottom)]">{children}</div>
    </Radix.Content>
  </Radix.Portal>
);
