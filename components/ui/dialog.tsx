'use client';
import './style-nonce';
import { Dialog as Radix } from 'radix-ui';
import { type ComponentProps, Fragment, useRef } from 'react';
import { Button } from './button';
import { cn } from './cn';
import { useFocusReturn } from './use-focus-return';

export const Dialog = Radix.Root;
export const DialogTrigger = Radix.Trigger;

type ContentProps = ComponentProps<typeof Radix.Content> & {
  /** px */
  width?: number;
  /** One question without a field: on a narrow screen it stays a box, where others take all of it. */
  short?: boolean;
  /** Stays where it is drawn, so that the server sends the very elements that come alive. Only for what covers its page. */
  inPlace?: boolean;
};
/** Focus starts on DialogCancel where there is one: the safe way out is the one under the finger. */
export function DialogContent({
  width = 640,
  short = false,
  inPlace = false,
  className,
  children,
  ...rest
}: ContentProps) {
  const box = useRef<HTMLDivElement>(null);
  const { remember, giveBack } = useFocusReturn();
  const Place = inPlace ? Fragment : Radix.Portal;
  return (
    <Place>
      <Radix.Overlay className="fixed inset-0 z-40 animate-fade bg-scrim" />
      <Radix.Content
        aria-describedby={undefined}
        {...rest}
        ref={box}
        onOpenAutoFocus={(event) => {
          remember();
          const cancel = box.current?.querySelector<HTMLElement>('[data-cancel]');
          if (!cancel) return;
          event.preventDefault();
          cancel.focus({ preventScroll: true });
        }}
        onCloseAutoFocus={giveBack}
        style={{ width }}
        className={cn(
          'fixed top-1/2 left-1/2 z-50 flex max-h-[calc(100dvh-48px)] max-w-[calc(100vw-32px)] -translate-x-1/2 -translate-y-1/2 animate-fade flex-col overflow-y-auto rounded-dialog border bg-s1 shadow-dialog outline-none dark:border-line2/55',
          !short &&
            'max-md:inset-0 max-md:max-h-none max-md:w-full! max-md:max-w-none max-md:translate-x-0 max-md:translate-y-0 max-md:rounded-none max-md:border-0',
          className,
        )}
      >
        {children}
      </Radix.Content>
    </Place>
  );
}
export const DialogTitle = ({ className, ...rest }: ComponentProps<typeof Radix.Title>) => (
  <Radix.Title {...rest} className={cn('break-words text-20 font-semibold', className)} />
);
export const DialogSub = ({ className, ...rest }: ComponentProps<typeof Radix.Description>) => (
  <Radix.Description {...rest} className={cn('mt-1 text-t2', className)} />
);
export const DialogSection = ({ className, ...rest }: ComponentProps<'div'>) => (
  <div {...rest} className={cn('border-t px-6 py-4 first:border-t-0 max-md:px-4', className)} />
);
export const DialogFoot = ({ className, ...rest }: ComponentProps<'div'>) => (
  <div {...rest} className={cn('flex items-center justify-end gap-2 border-t px-6 py-4 max-md:px-4', className)} />
);
export const DialogCancel = ({ children = 'Cancel', ...rest }: ComponentProps<typeof Button>) => (
  <Radix.Close asChild>
    <Button {...rest} data-cancel="">
      {children}
    </Button>
  </Radix.Close>
);
