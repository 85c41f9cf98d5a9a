import type { ReactNode } from 'react';
import { cn } from './cn';
import { Mono } from './mono';
import { Panel } from './panel';
import { StatusGlyph } from './status-glyph';
import { TextWithTimes } from './text-with-times';

export type ErrorShown = { message: string; advice: string; code: string };

/** What and where, what to do, code: always in this order. */
export const ErrorLine = ({ error, className }: { error: ErrorShown; className?: string }) => (
  <div role="alert" className={cn('flex gap-2.5', className)}>
    <StatusGlyph status="failed" size={16} className="mt-0.5" />
    <p className="min-w-0 break-words text-t2">
      <span className="font-medium text-t1">
        <TextWithTimes text={error.message} />
      </span>{' '}
      <TextWithTimes text={error.advice} /> <Mono className="text-t3">{error.code}</Mono>
    </p>
  </div>
);
type PanelProps = { error: ErrorShown; className?: string; children?: ReactNode };

/** @param children what holds all the same, in a line of its own */
export const ErrorPanel = ({ error, className, children }: PanelProps) => (
  <Panel edge="red" bar className={cn('px-4 py-3', className)}>
    <ErrorLine error={error} />
    {children && <p className="mt-1 pl-6.5 text-t2">{children}</p>}
  </Panel>
);
