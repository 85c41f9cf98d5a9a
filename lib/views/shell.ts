import { listOpenCutovers } from '@/db/queries/views/list-cutovers';
import { readNow } from '@/db/queries/views/read-now';
import { readPeople } from '@/db/queries/views/read-people';
import { readWorkers } from '@/db/queries/views/read-workers';
import type { SessionContext } from '@/lib/auth/actor';
import { demoOn, demoPeople } from '@/lib/auth/demo-people';
import { routes } from '@/lib/shared/routes';
import { initialsAmong } from '@/lib/shared/initials';
import type { ShellDto } from './dto';
import { demoBreaksOf } from './parts/demo-breaks';
import { readDemoWrites } from './parts/demo-writes';
import { readFleetFile } from './parts/read-fleet-file';
import { reviewItems } from './parts/review-items';

const pages: ShellDto['places'] = [
  ['Fleet', routes.fleet()],
  ['Cutovers', routes.cutovers()],
  ['Plan a cutover', routes.newCutover()],
  ['Reviews', routes.reviews()],
  ['Runbooks', routes.runbooks()],
  ['Audit', routes.audit()],
  ['Admin', routes.admin()],
].map(([label = '', href = '']) => ({ label, detail: '', href, group: 'Pages' }));

/** The frame around every page. */
export async function buildShell(ctx: SessionContext): Promise<ShellDto> {
  const { actor, db } = ctx;
  const now = await readNow(db);
  const { fleet } = await readFleetFile(ctx.db);
  const open = await listOpenCutovers(db);
  const workers = await readWorkers(db);
  const demo = demoOn();
  const initialsOf = initialsAmong((await readPeople(db)).map(({ name }) => name));
  return {
    person: { id: actor.id, name: actor.name, initials: initialsOf(actor.name), roles: actor.roles },
    environment: fleet?.file.environment ?? 'unknown',
    demo,
    inboxCount: (await reviewItems(ctx)).filter(({ mine, done }) => mine && !done).length,
    lastBeat: workers.length ? new Date(Math.max(...workers.map(({ beat }) => beat.getTime()))).toISOString() : null,
    places: [
      ...(fleet?.systems ?? []).flatMap((system) =>
        system.profiles.map(({ source_id, title }) => ({
          label: source_id,
          detail: title ? `${system.title} · ${title}` : system.title,
          href: routes.profile(system.name, source_id),
          group: 'Profiles' as const,
        })),
      ),
      ...open.map(({ id, system, sourceId, state }) => ({
        label: sourceId,
        detail: `${system} · ${state.replace('_', ' ')}`,
        href: routes.cutover(id),
        group: 'Cutovers' as const,
      })),
      ...pages,
    ],
    demoWrites: demo ? readDemoWrites() : null,
    demoBreaks: demo ? await demoBreaksOf(ctx, open, fleet) : null,
    demoPeople: demo
      ? demoPeople.map(({ email, name, does }) => ({ email, name, initials: initialsOf(name), does }))
      : [],
    now: now.toISOString(),
  };
}
