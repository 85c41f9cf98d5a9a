import { ArrowRightLeft, ClipboardCheck, LayoutGrid, Link2, ScrollText, SlidersHorizontal } from 'lucide-react';
import { routes } from '@/lib/shared/routes';

export const sections = [
  { label: 'Fleet', href: routes.fleet(), icon: LayoutGrid, of: ['/profiles'] },
  { label: 'Cutovers', href: routes.cutovers(), icon: ArrowRightLeft, of: [] },
  { label: 'Reviews', href: routes.reviews(), icon: ClipboardCheck, of: [] },
  { label: 'Runbooks', href: routes.runbooks(), icon: ScrollText, of: [] },
  { label: 'Audit', href: routes.audit(), icon: Link2, of: [] },
  { label: 'Admin', href: routes.admin(), icon: SlidersHorizontal, of: [] },
] as const satisfies readonly { label: string; href: string; icon: unknown; of: readonly string[] }[];
export type Section = (typeof sections)[number];

export const isIn = ({ href, of }: Section, path: string): boolean =>
  path === href || (href !== '/' && path.startsWith(`${href}/`)) || of.some((root: string) => path.startsWith(root));

/** On a narrow screen the wizard and an opened review bring a header of their own. */
export const coversNarrowScreen = (path: string, query: { get(name: string): string | null }): boolean =>
  (/^\/cutovers\/[^/]+$/.test(path) && path !== routes.newCutover()) ||
  (path === routes.reviews() && query.get('cutover') !== null);
