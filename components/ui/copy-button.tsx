'use client';
import { Check, Copy } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { announce } from './announce';
import { Button, IconButton } from './button';

type Props = {
  text: string | (() => string);
  label: string;
  icon?: ReactNode;
  showLabel?: boolean;
  size?: 'sm' | 'md';
  className?: string;
};
export function CopyButton({ text, label, icon, showLabel, size = 'sm', className }: Props) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1_600);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async () => {
    await navigator.clipboard.writeText(typeof text === 'string' ? text : text());
    setCopied(true);
    announce('Copied');
  };
  const mark = copied ? <Check size={14} /> : (icon ?? <Copy size={14} />);
  return showLabel ? (
    <Button size={size} variant="ghost" icon={mark} onClick={copy} className={className}>
      {copied ? 'Copied' : label}
    </Button>
  ) : (
    <IconButton size={size} label={copied ? 'Copied' : label} icon={mark} onClick={copy} className={className} />
  );
}
