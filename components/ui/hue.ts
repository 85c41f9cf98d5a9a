/** Hue is state. 'none' is for what has no state. */
export type Hue = 'blue' | 'green' | 'amber' | 'red' | 'violet' | 'none';

export const hueText: Record<Hue, string> = {
  blue: 'text-blue',
  green: 'text-green',
  amber: 'text-amber',
  red: 'text-red',
  violet: 'text-violet',
  none: 'text-t2',
};
export const hueTint: Record<Hue, string> = {
  blue: 'bg-blue/tint',
  green: 'bg-green/tint',
  amber: 'bg-amber/tint',
  red: 'bg-red/tint',
  violet: 'bg-violet/tint',
  none: 'bg-s3',
};
export const hueEdge: Record<Hue, string> = {
  blue: 'border-blue/50',
  green: 'border-green/45',
  amber: 'border-amber/45',
  red: 'border-red/55',
  violet: 'border-violet/50',
  none: 'border-line',
};
export const hueFill: Record<Hue, string> = {
  blue: 'bg-fill-blue',
  green: 'bg-fill-green',
  amber: 'bg-amber',
  red: 'bg-red',
  violet: 'bg-violet',
  none: 'bg-t3',
};
