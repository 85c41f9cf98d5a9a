'use client';
import { useRouter } from 'next/navigation';
import { useEffect } from 'react';
import { ButtonLink } from '@/components/ui/button';
import type { ActionState } from '@/lib/views/action-result';

/** Goes on to what was planned by itself; without scripts the answer is a link to it. */
export function Planned({ state, label }: { state: ActionState; label: string }) {
  const router = useRouter();
  const href = state.ok ? state.href : undefined;
  useEffect(() => {
    if (href) router.push(href);
  }, [href, router]);
  return href ? (
    <p className="flex items-center gap-3 text-t1">
      Planned.{' '}
      <ButtonLink href={href} size="sm">
        {label}
      </ButtonLink>
    </p>
  ) : null;
}
