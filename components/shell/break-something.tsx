'use client';
import { ChevronDown, Hammer, Wrench } from 'lucide-react';
import { type ReactNode, startTransition, useRef, useState } from 'react';
import { cn } from '@/components/ui/cn';
import { ErrorLine } from '@/components/ui/error-panel';
import { Menu, MenuContent, MenuItem, MenuLabel, MenuSeparator, MenuTrigger } from '@/components/ui/menu';
import { toast } from '@/components/ui/toaster';
import type { BreakName } from '@/lib/shared/breaks';
import type { ActionResult, FormAction } from '@/lib/views/action-result';
import type { ShellDto } from '@/lib/views/dto';

type Props = { shell: ShellDto; act: FormAction };
type Choice = { what: BreakName; label: string; detail: string; fields?: Record<string, string> };
type Breaks = NonNullable<ShellDto['demoBreaks']>;

const choices = ({ targetStopped, services, loaded }: Breaks): { breaks: Choice[]; mends: Choice[] } => ({
  breaks: [
    { what: 'kill-worker', label: 'Kill the worker', detail: 'SIGKILL; what it did is taken over' },
    ...(targetStopped
      ? []
      : [{ what: 'stop-target' as const, label: 'Stop the target', detail: 'its PostgreSQL server goes down' }]),
    ...services
      .filter(({ stopped }) => !stopped)
      .map(({ name }) => ({
        what: 'stop-service' as const,
        label: `Stop ${name}`,
        detail: 'its users get no answer',
        fields: { service: name },
      })),
    ...loaded.map(({ cutoverId, sourceId }) => ({
      what: 'damage-row' as const,
      label: `Damage one row of ${sourceId}`,
      detail: 'in the target; a row diff finds it',
      fields: { cutoverId },
    })),
  ],
  mends: [
    ...(targetStopped
      ? [{ what: 'start-target' as const, label: 'Start the target again', detail: 'within seconds' }]
      : []),
    ...services
      .filter(({ stopped }) => stopped)
      .map(({ name }) => ({
        what: 'start-service' as const,
        label: `Start ${name} again`,
        detail: 'within seconds',
        fields: { service: name },
      })),
  ],
});

/** The demo's menu: breaks one real thing, so that a person sees what the console makes of it, and mends it. */
export function BreakSomething({ shell, act, compact = false }: Props & { compact?: boolean }) {
  const [open, setOpen] = useState(false);
  const [error, setError] = useState<Extract<ActionResult, { ok: false }>['error'] | null>(null);
  const nextKey = useRef('');
  if (!shell.demoBreaks) return null;
  const { breaks, mends } = choices(shell.demoBreaks);
  const { refused } = shell.demoBreaks;
  const press = ({ what, fields }: Choice) =>
    startTransition(async () => {
      const form = new FormData();
      form.set('key', nextKey.current || crypto.randomUUID());
      form.set('what', what);
      for (const [name, value] of Object.entries(fields ?? {})) form.set(name, value);
      const result = await act({ ok: null, nextKey: '' }, form);
      nextKey.current = result.nextKey;
      setError(result.ok ? null : result.error);
      if (result.ok) toast(result.message ?? 'Done.');
      else setOpen(true);
    });
  return (
    <Menu open={open} onOpenChange={setOpen}>
      <MenuTrigger
        aria-label={compact ? 'Break something' : undefined}
        className={cn(
          'flex items-center gap-1.5 rounded-control text-13 text-t2 hover:bg-s2 hover:text-t1',
          compact ? 'size-11 justify-center' : 'h-9 px-2 touch:h-11',
        )}
      >
        <Hammer size={compact ? 18 : 14} aria-hidden="true" />
        {!compact && (
          <>
            Break something
            <ChevronDown size={14} aria-hidden="true" />
          </>
        )}
      </MenuTrigger>
      <MenuContent align="end" className="w-72">
        <MenuLabel>{refused ?? 'Demo only: really breaks it'}</MenuLabel>
        {error && <ErrorLine error={error} className="p-2" />}
        {breaks.map((choice) => (
          <Entry key={choice.label} choice={choice} refused={refused} press={press} icon={<Hammer size={14} />} />
        ))}
        {mends.length > 0 && <MenuSeparator />}
        {mends.map((choice) => (
          <Entry key={choice.label} choice={choice} refused={refused} press={press} icon={<Wrench size={14} />} />
        ))}
      </MenuContent>
    </Menu>
  );
}

type EntryProps = { choice: Choice; refused: string | null; press: (choice: Choice) => void; icon: ReactNode };

const Entry = ({ choice, refused, press, icon }: EntryProps) => (
  <MenuItem disabled={refused !== null} onSelect={() => press(choice)}>
    <span aria-hidden="true" className="text-t3">
      {icon}
    </span>
    <span className="min-w-0">
      <span className="block font-medium">{choice.label}</span>
      <span className="block truncate text-12 text-t3">{choice.detail}</span>
    </span>
  </MenuItem>
);
