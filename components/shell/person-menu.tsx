'use client';
import { ChevronDown } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { startTransition, useState } from 'react';
import { Avatar } from '@/components/ui/avatar';
import { ErrorLine } from '@/components/ui/error-panel';
import {
  Menu,
  MenuContent,
  MenuItem,
  MenuLabel,
  MenuRadioGroup,
  MenuRadioItem,
  MenuSeparator,
  MenuTrigger,
} from '@/components/ui/menu';
import { routes } from '@/lib/shared/routes';
import type { ActionResult } from '@/lib/views/action-result';
import type { ShellDto } from '@/lib/views/dto';
import type { ShellActions } from './shell-frame';
import { applyTheme, type Theme } from './theme';

type Props = { shell: ShellDto; theme: Theme; actions: ShellActions; compact?: boolean };

/** Another of the demo's people: a real sign-in, so the whole page is read again. */
function useSwitch(switchPerson: ShellActions['switchPerson']) {
  const [error, setError] = useState<Extract<ActionResult, { ok: false }>['error'] | null>(null);
  const change = (email: string) =>
    startTransition(async () => {
      const form = new FormData();
      form.set('email', email);
      const result = await switchPerson({ ok: null, nextKey: '' }, form);
      if (result.ok) window.location.assign(result.href ?? '/');
      else setError(result.error);
    });
  return { error, change };
}

export function PersonMenu({ shell, theme, actions, compact }: Props) {
  const [shown, setShown] = useState(theme);
  const { error, change } = useSwitch(actions.switchPerson);
  const { person } = shell;
  const router = useRouter();
  return (
    <Menu>
      <MenuTrigger
        className="flex h-9 items-center gap-2 rounded-control px-2 font-medium text-t1 hover:bg-s2 touch:h-11"
        aria-label={`${person.name}, ${person.roles.join(', ')}`}
      >
        <Avatar initials={person.initials} />
        {!compact && <span className="max-w-40 truncate">{person.name}</span>}
        {!compact && <ChevronDown size={14} aria-hidden="true" className="text-t2" />}
      </MenuTrigger>
      <MenuContent align="end" className="w-64">
        <MenuLabel>
          {person.name} · {person.roles.join(', ')}
        </MenuLabel>
        {shell.demoPeople.length > 0 && <MenuSeparator />}
        {shell.demoPeople.length > 0 && <MenuLabel>Demo: act as</MenuLabel>}
        {shell.demoPeople.map((one) => (
          <MenuItem key={one.email} disabled={one.name === person.name} onSelect={() => change(one.email)}>
            <Avatar initials={one.initials} />
            <span className="min-w-0">
              <span className="block font-medium">
                {one.name}
                {one.name === person.name && ', now'}
              </span>
              <span className="block truncate text-12 text-t3">{one.does}</span>
            </span>
          </MenuItem>
        ))}
        {error && <ErrorLine error={error} className="p-2" />}
        <MenuSeparator />
        <MenuLabel>Theme</MenuLabel>
        <MenuRadioGroup
          value={shown}
          onValueChange={(next) => {
            setShown(next as Theme);
            applyTheme(next as Theme);
          }}
        >
          <MenuRadioItem value="system">As the system</MenuRadioItem>
          <MenuRadioItem value="light">Light</MenuRadioItem>
          <MenuRadioItem value="dark">Dark</MenuRadioItem>
        </MenuRadioGroup>
        <MenuSeparator />
        <MenuItem onSelect={() => router.push(routes.account())}>Account and password</MenuItem>
        <MenuItem onSelect={() => startTransition(() => actions.signOut())}>Sign out</MenuItem>
      </MenuContent>
    </Menu>
  );
}
