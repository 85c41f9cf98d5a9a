import { type ClassValue, clsx } from 'clsx';
import { extendTailwindMerge } from 'tailwind-merge';

const sizes = ['11', '12', '13', '14', '16', '20', '28'];
const merge = extendTailwindMerge({
  extend: {
    classGroups: {
      'font-size': [{ text: sizes }],
      rounded: [{ rounded: ['rail', 'chip', 'badge', 'control', 'panel', 'dialog'] }],
      shadow: [{ shadow: ['dialog', 'float'] }],
    },
  },
});

/** Class names, later ones winning over earlier ones of the same kind. */
export const cn = (...classes: ClassValue[]): string => merge(clsx(classes));
