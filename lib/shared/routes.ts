const part = encodeURIComponent;

/** Every link of the console is made here. */
export const routes = {
  fleet: () => '/',
  profile: (system: string, sourceId: string) => `/profiles/${part(system)}/${part(sourceId)}`,
  cutovers: () => '/cutovers',
  newCutover: (system?: string, sourceId?: string, runbook?: string) =>
    system && sourceId
      ? `/cutovers/new?system=${part(system)}&source=${part(sourceId)}${runbook ? `&runbook=${part(runbook)}` : ''}`
      : '/cutovers/new',
  wave: (profiles: { system: string; sourceId: string }[]) =>
    `/cutovers/wave?${profiles.map(({ system, sourceId }) => `profile=${part(JSON.stringify([system, sourceId]))}`).join('&')}`,
  move: () => '/move',
  cutover: (id: string, stepId?: string, tab?: string) => {
    const query = new URLSearchParams();
    if (stepId) query.set('step', stepId);
    if (tab) query.set('tab', tab);
    const text = query.toString();
    return `/cutovers/${part(id)}${text ? `?${text}` : ''}`;
  },
  reviews: (cutoverId?: string, stepId?: string) =>
    cutoverId && stepId ? `/reviews?cutover=${part(cutoverId)}&step=${part(stepId)}` : '/reviews',
  runbooks: () => '/runbooks',
  runbook: (name: string) => `/runbooks/${part(name)}`,
  audit: () => '/audit',
  admin: () => '/admin',
  account: () => '/account',
  /** `next`: where a sign-in leads. */
  signIn: (next?: string | null) => (next ? `/sign-in?next=${encodeURIComponent(next)}` : '/sign-in'),
  setup: () => '/setup',
  rawLog: (attemptId: string) => `/api/attempts/${part(attemptId)}/log`,
  view: (name: string, params: Record<string, string> = {}) => {
    const text = new URLSearchParams(params).toString();
    return `/api/views/${name}${text ? `?${text}` : ''}`;
  },
} as const;
