import { cva, type VariantProps } from 'class-variance-authority';

export const buttonLook = cva(
  'relative inline-grid shrink-0 select-none grid-flow-col place-content-center items-center overflow-hidden whitespace-nowrap rounded-control border font-medium no-underline transition-colors duration-75',
  {
    variants: {
      variant: {
        primary: 'border-ink bg-ink text-on-ink hover:bg-ink/90',
        secondary: 'border-line2/55 bg-s1 text-t1 hover:border-line2 hover:bg-s2',
        ghost: 'border-transparent bg-transparent text-t1 hover:bg-s2',
        danger: 'border-red/55 bg-s1 text-red hover:border-red hover:bg-red/tint',
        'danger-fill': 'border-red-solid bg-red-solid text-on-red hover:bg-red-solid/90',
      },
      size: {
        sm: 'h-7 gap-1.5 px-2.5 text-12 touch:h-11 touch:px-3.5 touch:text-13',
        md: 'h-9 gap-2 px-3.5 text-13 touch:h-11',
        lg: 'min-h-12 gap-2 px-4 py-1 text-center text-14 leading-5 text-balance whitespace-normal',
      },
      square: { true: '', false: '' },
    },
    compoundVariants: [
      { square: true, size: 'sm', class: 'w-7 px-0 touch:w-11 touch:px-0' },
      { square: true, size: 'md', class: 'w-9 px-0 touch:w-11' },
      { square: true, size: 'lg', class: 'w-12 px-0' },
    ],
    defaultVariants: { variant: 'secondary', size: 'md', square: false },
  },
);
export type ButtonLook = Omit<VariantProps<typeof buttonLook>, 'square'>;

export const closedLook = 'border-transparent bg-s3 text-t3 hover:border-transparent hover:bg-s3';
/** Keeps place and width; the line along its foot grows with what is waited for. */
export const waitingLook = 'border-ink bg-s1 text-t1 hover:bg-s1';
