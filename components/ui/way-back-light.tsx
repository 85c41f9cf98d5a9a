import type { ReactNode } from 'react';
import type { WayBackLight } from '@/lib/shared/statuses';
import { cn } from './cn';
import { GlyphBox } from './glyph-box';

const dot = (r = 3) => <circle cx="8" cy="8" r={r} fill="currentColor" stroke="none" />;
const halo = <circle cx="8" cy="8" r="6" fill="currentColor" fillOpacity="0.28" stroke="none" />;
const shapes: Record<WayBackLight, ReactNode> = {
  not_armed: <circle cx="8" cy="8" r="5" />,
  arming: (
    <>
      <circle cx="8" cy="8" r="5.25" fill="currentColor" fillOpacity="0.22" />
      {dot(2.9)}
    </>
  ),
  live: (
    <>
      {halo}
      {dot()}
    </>
  ),
  behind: (
    <>
      {halo}
      {dot()}
    </>
  ),
  broken: (
    <>
      {halo}
      <circle cx="8" cy="8" r="3.9" fill="currentColor" stroke="none" />
      <path d="m6.6 6.6 2.8 2.8m0-2.8L6.6 9.4" stroke="var(--s1)" strokeWidth="1.3" />
    </>
  ),
  none: (
    <>
      <circle cx="8" cy="8" r="5.25" />
      <path d="m4.4 11.6 7.2-7.2" />
    </>
  ),
};
const tones: Record<WayBackLight, string> = {
  not_armed: 'text-t2',
  arming: 'text-blue',
  live: 'text-green',
  behind: 'text-amber',
  broken: 'text-red',
  none: 'text-t2',
};

export const WayBackGlyph = ({
  light,
  size = 16,
  className,
}: {
  light: WayBackLight;
  size?: number;
  className?: string;
}) => (
  <GlyphBox size={size} data-light={light} className={cn(tones[light], className)}>
    {shapes[light]}
  </GlyphBox>
);

export const WayBack = ({ light, text, className }: { light: WayBackLight; text: ReactNode; className?: string }) => (
  <span className={cn('inline-flex items-center gap-2 align-top', tones[light], className)}>
    <WayBackGlyph light={light} />
    <span>{text}</span>
  </span>
);
