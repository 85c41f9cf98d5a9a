import type { saveReading } from '@/db/queries/profile/save-reading';

/** What a worker saves of the sx service while all is well. */
export const healthyReading: Omit<Parameters<typeof saveReading>[1], 'at'> = {
  system: 'sx',
  sourceId: 'assets_1',
  declared: 'SQLITE',
  observed: 'SQLITE',
  healthy: true,
  latencyMs: 12,
  cause: null,
  instances: [{ url: 'http://127.0.0.1:8000', status: 200 }],
  surfaces: { surfaces: [], stays: [] },
  reach: null,
};
