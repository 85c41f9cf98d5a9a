import type { ReactNode } from 'react';
import type { GlyphStatus } from '@/lib/shared/statuses';

const ring = <circle cx="8" cy="8" r="6.25" />;

/** 16-px box. Marks inside a filled shape are cut out as paths of the even-odd rule would blur; they take the surface's colour. */
export const glyphShapes: Record<GlyphStatus | 'info', ReactNode> = {
  passed: (
    <>
      <circle cx="8" cy="8" r="7" fill="currentColor" stroke="none" />
      <path d="m5.1 8.3 2 2 3.9-4.3" stroke="var(--s1)" strokeWidth="1.7" />
    </>
  ),
  failed: (
    <>
      <path d="M5.2 1.25h5.6l3.95 3.95v5.6l-3.95 3.95H5.2L1.25 10.8V5.2z" fill="currentColor" stroke="none" />
      <path d="m5.9 5.9 4.2 4.2m0-4.2-4.2 4.2" stroke="var(--s1)" strokeWidth="1.7" />
    </>
  ),
  running: (
    <>
      <circle cx="8" cy="8" r="6.25" strokeOpacity="0.32" />
      <path
        d="M8 1.75A6.25 6.25 0 0 1 14.25 8"
        strokeWidth="1.8"
        className="origin-center animate-arc motion-reduce:animate-none"
      />
      <circle cx="8" cy="8" r="1.9" fill="currentColor" stroke="none" />
    </>
  ),
  waiting: (
    <>
      <path d="M4 1.75h8M4 14.25h8" />
      <path d="M5 1.75v2.6c0 1 .5 1.7 1.3 2.4L8 8l1.7-1.25c.8-.7 1.3-1.4 1.3-2.4v-2.6M5 14.25v-2.6c0-1 .5-1.7 1.3-2.4L8 8l1.7 1.25c.8.7 1.3 1.4 1.3 2.4v2.6" />
    </>
  ),
  ready: (
    <>
      {ring}
      <path d="M6.7 5.6v4.8L10.6 8z" fill="currentColor" strokeWidth="1" />
    </>
  ),
  locked: (
    <>
      <rect x="2.9" y="7" width="10.2" height="7" rx="1.5" />
      <path d="M5.2 7V4.9a2.8 2.8 0 0 1 5.6 0V7" />
    </>
  ),
  unknown: <circle cx="8" cy="8" r="6.25" strokeDasharray="2.4 2.51" strokeLinecap="butt" />,
  stale: (
    <>
      <path d="M4.1 3.1A6.25 6.25 0 0 1 12.9 11.9M11.2 13.4A6.25 6.25 0 0 1 2.6 4.8" />
      <path d="M8 4.6v2.2M1.9 1.9l12.2 12.2" />
    </>
  ),
  overridden: (
    <>
      <path d="M8 1.4 2.9 3.3v4.2c0 3.2 2.1 5.8 5.1 7.1 3-1.3 5.1-3.9 5.1-7.1V3.3z" />
      <path d="M8 4.9v3.4" />
      <circle cx="8" cy="10.7" r="0.95" fill="currentColor" stroke="none" />
    </>
  ),
  interrupted: (
    <>
      <path d="M10.9 2.5A6.25 6.25 0 0 1 12.7 12.1M5.1 13.5A6.25 6.25 0 0 1 3.3 3.9" />
      <path d="M8.7 4.2 5.9 8.4h4.2L7.3 12" />
    </>
  ),
  cancelled: (
    <>
      {ring}
      <path d="M5.4 8h5.2" />
    </>
  ),
  queued: (
    <>
      {ring}
      <g fill="currentColor" stroke="none">
        <circle cx="5.2" cy="8" r="0.95" />
        <circle cx="8" cy="8" r="0.95" />
        <circle cx="10.8" cy="8" r="0.95" />
      </g>
    </>
  ),
  drift: <path d="M2 5.1h9.2M8.7 2.5l2.7 2.6-2.7 2.6M14 10.9H4.8m2.5-2.6-2.7 2.6 2.7 2.6" />,
  info: (
    <>
      {ring}
      <path d="M8 7.4v3.4" />
      <circle cx="8" cy="5" r="0.95" fill="currentColor" stroke="none" />
    </>
  ),
};
