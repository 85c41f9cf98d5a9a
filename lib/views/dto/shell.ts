import type { Role } from '@/lib/shared/statuses';

export type PersonDto = { id: string; name: string; initials: string; roles: Role[] };

/** Frame around every page. */
export type ShellDto = {
  person: PersonDto;
  environment: string;
  demo: boolean;
  inboxCount: number;
  /** When any worker was heard last; null when there never was one. */
  lastBeat: string | null;
  /** For the palette. */
  places: { label: string; detail: string; href: string; group: 'Profiles' | 'Cutovers' | 'Pages' }[];
  /** Demo only: what its users have written, as they count it themselves; decimal text. */
  demoWrites: { acknowledged: string; failed: string } | null;
  /** Demo only: what may be broken on purpose and what is broken now; null outside the demo. */
  demoBreaks?: {
    /** null: may be pressed. */
    refused: string | null;
    targetStopped: boolean;
    /** Services behind open cutovers, else the first; `stopped` by this menu. */
    services: { name: string; stopped: boolean }[];
    /** Cutovers whose loaded rows may be damaged: loaded and not switched. */
    loaded: { cutoverId: string; sourceId: string }[];
  } | null;
  /** Demo only: the people one can switch to by a real sign-in. */
  demoPeople: { email: string; name: string; initials: string; does: string }[];
  now: string;
};
