'use client';
import type { ComponentProps } from 'react';
import { useFormStatus } from 'react-dom';
import { Button } from './button';

/** The button of a plain form: works before hydration, and once it runs cannot fire twice. */
export function SubmitButton({ busy, ...rest }: Omit<ComponentProps<typeof Button>, 'type'>) {
  const { pending } = useFormStatus();
  return <Button {...rest} type="submit" busy={pending ? (busy ?? 'Sending…') : undefined} />;
}
