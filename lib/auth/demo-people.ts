import { isIP } from 'node:net';
import type { Role } from '@/lib/shared/statuses';
import { consoleUrl } from './auth';
import { createPerson, personByEmail } from './create-person';

/** Who signs a governed promotion: one person for each role that its runbook names. */
const signer = (email: string, name: string, title: string, signsAs: string): DemoPerson => ({
  email: `${email}@demo.localhost`,
  name,
  does: `signs as ${title}`,
  roles: ['reviewer'],
  password: `${email}-demo`,
  signsAs: [signsAs],
});

export type DemoPerson = {
  email: string;
  name: string;
  does: string;
  roles: Role[];
  password: string;
  signsAs?: string[];
};

/** The demo's people. Their passwords are public, so they exist only where nobody else can connect. */
export const demoPeople: DemoPerson[] = [
  {
    email: 'operator@demo.localhost',
    name: 'Olga Operator',
    does: 'plans and runs',
    roles: ['operator'],
    password: 'operator-demo',
  },
  {
    email: 'reviewer@demo.localhost',
    name: 'Rafael Reviewer',
    does: 'signs off on evidence',
    roles: ['reviewer'],
    password: 'reviewer-demo',
  },
  {
    email: 'admin@demo.localhost',
    name: 'Ada Admin',
    does: 'manages people, confirms overrides',
    roles: ['admin'],
    password: 'adminis-demo',
  },
  signer('release', 'Rena Release', 'release manager', 'releaseManager'),
  signer('incident', 'Ivan Incident', 'incident commander', 'incidentCommander'),
  signer('platform', 'Paula Platform', 'platform operator', 'platformOperator'),
  signer('governance', 'Gita Governance', 'governance lead', 'governanceLead'),
];

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

/** Demo asked for, and this console answers on loopback only. */
export const demoOn = (env: NodeJS.ProcessEnv = process.env): boolean =>
  env.CUTOVER_DEMO === '1' && isLoopback(consoleUrl().hostname);

/** Adds the demo's people that are missing; safe to repeat. */
export async function createDemoPeople(): Promise<DemoPerson[]> {
  for (const person of demoPeople) if (!(await personByEmail(person.email))) await createPerson(person);
  return demoPeople;
}

/** True for the address of a connection from this machine. */
export const fromLoopback = (address: string | null): boolean =>
  isLoopback(
    (address ?? '')
      .split(',')[0]
      ?.trim()
      .replace(/^::ffff:/, '') ?? '',
  );
