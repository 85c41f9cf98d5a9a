'use client';
import './style-nonce';
import Link from 'next/link';
import { Toaster as Sonner, toast as show } from 'sonner';
import { StatusGlyph } from './status-glyph';

/** Only for success that moved elsewhere; a failure is said where it happened. */
export function toast(title: string, more: { detail?: string; action?: { label: string; href: string } } = {}): void {
  show.custom((id) => (
    <div
      role="status"
      className="flex w-[356px] max-w-[calc(100vw-32px)] items-center gap-3 rounded-panel border bg-s1 px-4 py-3 text-13 text-t1 shadow-float"
    >
      <StatusGlyph status="passed" />
      <p className="min-w-0 flex-1 text-t2">
        <span className="font-medium text-t1">{title}</span> {more.detail}
      </p>
      {more.action && (
        <Link
          href={more.action.href}
          onClick={() => show.dismiss(id)}
          className="font-medium text-t1 underline-offset-4 hover:underline"
        >
          {more.action.label}
        </Link>
      )}
    </div>
  ));
}
/** The library brings a font of its own; on narrow screens the bar at the foot stays free. */
export const Toaster = () => (
  <Sonner
    className="font-sans!"
    position="bottom-right"
    gap={8}
    mobileOffset={{ bottom: 128 }}
    toastOptions={{ unstyled: true }}
  />
);
