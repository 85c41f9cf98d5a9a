'use client';
import Link from 'next/link';
import type { ComponentProps, MouseEvent, ReactNode } from 'react';
import { type ButtonLook, buttonLook, closedLook, waitingLook } from './button-look';
import { cn } from './cn';
import { Tooltip } from './tooltip';

type Look = ButtonLook & { icon?: ReactNode };
type States = {
  /** Shown instead of the label; keeps the width and cannot fire again. */
  busy?: string | undefined;
  /** Share done of what the button waits for; null when it is not known. */
  waiting?: number | null | undefined;
  /** Why it may not be pressed. It stays focusable and says so. */
  disabledReason?: string | undefined;
};

function Face({
  icon,
  busy,
  waiting,
  children,
}: {
  icon?: ReactNode;
  busy?: string | undefined;
  waiting?: number | null | undefined;
  children?: ReactNode;
}) {
  return (
    <>
      <span
        className={cn(
          'col-start-1 row-start-1 inline-flex items-center justify-center gap-[inherit]',
          busy && 'invisible',
        )}
        aria-hidden={busy ? true : undefined}
      >
        {icon && (
          <span aria-hidden="true" className="inline-grid shrink-0">
            {icon}
          </span>
        )}
        {children}
      </span>
      {busy && <span className="col-start-1 row-start-1 justify-self-center">{busy}</span>}
      {waiting !== undefined && (
        <span aria-hidden="true" className="absolute inset-x-0 bottom-0 h-[3px]">
          <span
            className="block h-full bg-ink transition-[width] duration-200 ease-linear"
            style={{ width: `${Math.round((waiting ?? 0.06) * 1000) / 10}%` }}
          />
        </span>
      )}
    </>
  );
}

const stop = (event: MouseEvent) => {
  event.preventDefault();
  event.stopPropagation();
};

export function Button({
  variant,
  size,
  icon,
  busy,
  waiting,
  disabledReason,
  className,
  children,
  onClick,
  type = 'button',
  ...rest
}: ComponentProps<'button'> & Look & States) {
  const closed = disabledReason !== undefined || busy !== undefined;
  const button = (
    <button
      {...rest}
      type={type}
      aria-disabled={closed || undefined}
      aria-busy={busy ? true : undefined}
      onClick={closed ? stop : onClick}
      className={cn(
        buttonLook({ variant, size }),
        waiting !== undefined ? waitingLook : closed && closedLook,
        className,
      )}
    >
      <Face icon={icon} busy={busy} waiting={waiting}>
        {children}
      </Face>
      {disabledReason && <span className="sr-only">. {disabledReason}</span>}
    </button>
  );
  return disabledReason ? <Tooltip text={disabledReason}>{button}</Tooltip> : button;
}

export function ButtonLink({
  variant,
  size,
  icon,
  waiting,
  className,
  children,
  ...rest
}: ComponentProps<typeof Link> & Look & Pick<States, 'waiting'>) {
  return (
    <Link {...rest} className={cn(buttonLook({ variant, size }), waiting !== undefined && waitingLook, className)}>
      <Face icon={icon} waiting={waiting}>
        {children}
      </Face>
    </Link>
  );
}

export function IconButton({
  variant = 'ghost',
  size,
  icon,
  label,
  className,
  ...rest
}: Omit<ComponentProps<'button'>, 'children'> & Look & { label: string }) {
  return (
    <Tooltip text={label}>
      <button
        type="button"
        {...rest}
        aria-label={label}
        className={cn(
          buttonLook({ variant, size, square: true }),
          'text-t2 hover:text-t1 aria-pressed:bg-s3 aria-pressed:text-t1',
          className,
        )}
      >
        <span aria-hidden="true" className="inline-grid">
          {icon}
        </span>
      </button>
    </Tooltip>
  );
}
