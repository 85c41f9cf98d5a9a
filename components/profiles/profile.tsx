'use client';
import { usePathname, useSearchParams } from 'next/navigation';
import { useView } from '@/components/live/use-view';
import { Badge } from '@/components/ui/badge';
import { Button, ButtonLink } from '@/components/ui/button';
import { ErrorPanel } from '@/components/ui/error-panel';
import { StatusGlyph } from '@/components/ui/status-glyph';
import { StatusWord } from '@/components/ui/status-word';
import { Time } from '@/components/ui/time';
import { LinkTabs } from '@/components/ui/tabs';
import { WayBack } from '@/components/ui/way-back-light';
import type { ProfileDto } from '@/lib/views/dto';
import { LeftAside } from './left-aside';
import { ModePair, ModeSince, stayWords } from './mode-pair';
import { ProfileOverview } from './profile-overview';
import { ConfigurationTab } from './configuration-tab';
import { ProfileCutoversTab } from './profile-cutovers';
import { RegistryTab } from './registry-tab';
import { SnapshotsTab } from './snapshots-tab';

const tabs = ['overview', 'snapshots', 'cutovers', 'registry', 'configuration'] as const;
type ProfileTab = (typeof tabs)[number];
const isTab = (text: string | null): text is ProfileTab => (tabs as readonly (string | null)[]).includes(text);

/** "Way back not armed": away from its column the light needs its name. */
const wayBackWords = (text: string): string =>
  /way back/i.test(text) ? text : `Way back ${text.charAt(0).toLowerCase()}${text.slice(1)}`;

function State({ view }: { view: ProfileDto }) {
  if (view.openCutover) return <Badge status={view.openCutover.badge.glyph}>{view.openCutover.badge.text}</Badge>;
  if (view.mode.readAt === null || view.mode.observed === null) return <Badge status="unknown">unknown</Badge>;
  return view.mode.agrees ? null : <Badge status="drift">drift</Badge>;
}

function Health({ view }: { view: ProfileDto }) {
  if (view.healthy === null) return <StatusWord status="unknown">health unknown</StatusWord>;
  return view.healthy ? (
    <StatusWord status="passed">healthy{view.latencyMs !== null && `, ${view.latencyMs} ms`}</StatusWord>
  ) : (
    <StatusWord status="failed">not healthy</StatusWord>
  );
}

const Header = ({ view, tab }: { view: ProfileDto; tab: ProfileTab }) => {
  const path = usePathname();
  const href = (key: ProfileTab) => (key === 'overview' ? path : `${path}?tab=${key}`);
  const counts: Partial<Record<ProfileTab, number>> = {
    snapshots: view.snapshots.length,
    cutovers: view.cutovers.length,
  };
  const label = (key: string) => `${key[0]?.toUpperCase()}${key.slice(1)}`;
  return (
    <header className="border-b bg-s1 px-6 pt-5 max-md:px-4">
      <div className="flex items-start justify-between gap-4 max-md:flex-col">
        <div className="min-w-0">
          <div className="flex flex-wrap items-center gap-3">
            <h1 className="break-all text-20 font-semibold">{view.sourceId}</h1>
            <State view={view} />
          </div>
          <div className="mt-1 flex flex-wrap items-center gap-x-5 gap-y-1">
            <span className="text-t2">
              {view.systemTitle}
              {view.title && `, ${view.title}`}
            </span>
            <span className="flex flex-wrap items-center gap-2">
              <span className="text-t2">Mode</span>
              <ModePair mode={view.mode} />{' '}
              <span className="text-t3">
                <ModeSince mode={view.mode} />
                {stayWords(view.mode) && `, ${stayWords(view.mode)}`}
              </span>
            </span>
            <Health view={view} />
            <WayBack light={view.wayBack.light} text={wayBackWords(view.wayBack.text)} />
          </div>
        </div>
        {view.primary &&
          (view.blocker ? (
            <Button variant="primary" disabledReason={`Cannot start: ${view.blocker.cause}`}>
              {view.primary.label}
            </Button>
          ) : (
            <ButtonLink href={view.primary.href} variant="primary">
              {view.primary.label}
            </ButtonLink>
          ))}
      </div>
      <LinkTabs
        current={tab}
        className="mt-3"
        items={tabs.map((key) => ({ key, label: label(key), href: href(key), count: counts[key] || undefined }))}
      />
    </header>
  );
};

const Drift = ({ view }: { view: ProfileDto }) =>
  !view.mode.agrees &&
  view.mode.readAt !== null &&
  !view.openCutover && (
    <p className="flex items-start gap-2.5 rounded-panel border border-amber/45 bg-amber/tint px-4 py-2.5">
      <StatusGlyph status={view.mode.observed === null ? 'unknown' : 'drift'} className="mt-0.5" />
      <span>
        Declared {view.mode.declared ?? 'nothing'}, observed {view.mode.observed ?? 'nothing'}.{' '}
        <span className="text-t2">{view.mode.cause}</span>
      </span>
    </p>
  );

const Blocked = ({ view }: { view: ProfileDto }) =>
  view.blocker && (
    <p className="flex items-start gap-2.5 rounded-panel border border-red/45 bg-red/tint px-4 py-2.5">
      <StatusGlyph status="failed" className="mt-0.5" />
      <span>
        <b className="font-medium">Cannot start: {view.blocker.cause}</b>{' '}
        <span className="text-t2">{view.blocker.advice}</span>
      </span>
    </p>
  );

const TargetAway = ({ unread }: { unread: NonNullable<ProfileDto['targetUnread']> }) => (
  <p className="flex items-start gap-2.5 rounded-panel border border-amber/45 bg-amber/tint px-4 py-2.5">
    <StatusGlyph status="unknown" className="mt-0.5" />
    <span>
      <b className="font-medium">
        Target not reached since <Time iso={unread.since} />. What it holds is not known.
      </b>{' '}
      <span className="text-t2">
        {unread.message} {unread.advice}
      </span>
    </span>
  </p>
);

export function Profile({ initial }: { initial: ProfileDto }) {
  const { view } = useView<ProfileDto>('profile', { system: initial.system, sourceId: initial.sourceId }, initial);
  const asked = useSearchParams().get('tab');
  const tab = isTab(asked) ? asked : 'overview';
  return (
    <>
      <Header view={view} tab={tab} />
      <div className="flex min-w-0 flex-col gap-4 p-6 max-md:p-4">
        <Drift view={view} />
        <Blocked view={view} />
        {view.unread && <ErrorPanel error={view.unread} />}
        {view.targetUnread && <TargetAway unread={view.targetUnread} />}
        {view.leftAside && <LeftAside left={view.leftAside} />}
        {tab === 'overview' && <ProfileOverview view={view} />}
        {tab === 'snapshots' && <SnapshotsTab view={view} />}
        {tab === 'cutovers' && <ProfileCutoversTab view={view} />}
        {tab === 'registry' && <RegistryTab view={view} />}
        {tab === 'configuration' && <ConfigurationTab view={view} />}
      </div>
    </>
  );
}
