'use client';
import '@/components/ui/style-nonce';
import { Command } from 'cmdk';
import { Search } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { Dialog as Radix } from 'radix-ui';
import { useFocusReturn } from '@/components/ui/use-focus-return';
import type { ShellDto } from '@/lib/views/dto';

type Props = { places: ShellDto['places']; open: boolean; onOpenChange: (open: boolean) => void };
/** Every word must stand somewhere in the name or its detail: a name is found, not guessed. */
const found = (value: string, search: string): number => {
  const text = value.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
    ? 1
    : 0;
};
const groups = ['Profiles', 'Cutovers', 'Pages'] as const;

export function Palette({ places, open, onOpenChange }: Props) {
  const router = useRouter();
  const { remember, giveBack } = useFocusReturn();
  const go = (href: string) => {
    onOpenChange(false);
    router.push(href);
  };
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 animate-fade bg-scrim" />
        <Radix.Content
          aria-describedby={undefined}
          onOpenAutoFocus={remember}
          onCloseAutoFocus={giveBack}
          className="fixed top-[12dvh] left-1/2 z-50 w-[600px] max-w-[calc(100vw-32px)] -translate-x-1/2 animate-fade overflow-hidden rounded-dialog border bg-s1 shadow-dialog outline-none dark:border-line2/55"
        >
          <Radix.Title className="sr-only">Search profiles, cutovers, pages</Radix.Title>
          <Command label="Search profiles, cutovers, pages" loop filter={found}>
            <div className="flex items-center gap-3 border-b px-4">
              <Search size={16} aria-hidden="true" className="text-t3" />
              <Command.Input
                placeholder="Search profiles, cutovers, pages"
                className="h-12 w-full bg-transparent text-14 text-t1 outline-none"
              />
            </div>
            <Command.List className="max-h-[min(420px,60dvh)] overflow-y-auto p-2">
              <Command.Empty className="px-2 py-6 text-center text-t2">Nothing has that name.</Command.Empty>
              {groups.map((group) => {
                const own = places.filter((place) => place.group === group);
                return own.length === 0 ? null : (
                  <Command.Group
                    key={group}
                    heading={group}
                    className="[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:py-1.5 [&_[cmdk-group-heading]]:text-12 [&_[cmdk-group-heading]]:text-t3"
                  >
                    {own.map((place) => (
                      <Command.Item
                        key={place.href}
                        value={`${group} ${place.label} ${place.detail} ${place.href}`}
                        onSelect={() => go(place.href)}
                        className="flex h-9 cursor-pointer items-center gap-3 rounded-control px-2 data-[selected=true]:bg-s3 touch:h-11"
                      >
                        <span className="min-w-0 truncate font-medium text-t1">{place.label}</span>
                        <span className="ml-auto shrink-0 text-12 text-t3">{place.detail}</span>
                      </Command.Item>
                    ))}
                  </Command.Group>
                );
              })}
            </Command.List>
          </Command>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
