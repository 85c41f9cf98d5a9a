/** What the demo's menu breaks, and what mends it. */
export const breaks = [
  'kill-worker',
  'stop-target',
  'start-target',
  'stop-service',
  'start-service',
  'damage-row',
] as const;
export type BreakName = (typeof breaks)[number];
