import type { AdminDto } from '@/lib/views/dto';

export type Check = AdminDto['checks'][number];

/** One line of the system check, of the console itself unless it says otherwise. */
export const checkLine = (
  name: string,
  status: Check['status'],
  detail: string,
  advice: string | null = null,
): Check => ({ kind: 'console', name, status, detail, advice, code: null, at: null });
