'use client';
import Link from 'next/link';
import type { ComponentProps } from 'react';

type Props = Omit<ComponentProps<typeof Link>, 'href' | 'onNavigate'> & { href: string };

/** A choice within a page that holds all it can show: only the address changes, at once and without asking the server, so no
 *  press can come between the choice and its effect. */
export function PlaceLink({ href, ...props }: Props) {
  return (
    <Link
      {...props}
      href={href}
      prefetch={false}
      onNavigate={(event) => {
        event.preventDefault();
        window.history.replaceState(null, '', href);
      }}
    />
  );
}
