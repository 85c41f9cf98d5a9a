'use client';
import { type ComponentProps, useLayoutEffect, useRef } from 'react';
import { Textarea } from '@/components/ui/input';

type Props = Omit<ComponentProps<typeof Textarea>, 'value' | 'onChange' | 'ref'> & {
  text: string;
  onText: (text: string) => void;
};

/** A text field over a draft. What was typed before the page was alive is taken over. */
export function DraftText({ text, onText, ...rest }: Props) {
  const field = useRef<HTMLTextAreaElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, at the first painting
  useLayoutEffect(() => {
    const typed = field.current?.value ?? '';
    if (typed && !text) onText(typed);
  }, []);
  return <Textarea {...rest} ref={field} value={text} onChange={(event) => onText(event.target.value)} />;
}
