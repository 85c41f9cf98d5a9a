import type { Role, VerdictWord } from '@/lib/shared/statuses';

export type AdminDto = {
  now: string;
  people: {
    id: string;
    name: string;
    email: string;
    roles: Role[];
    signsAs: string[];
    createdAt: string;
    banned: boolean;
  }[];
  /** Of sign-offs: those that runbooks name, and those that somebody has although no runbook names them any more. */
  signRoles: { id: string; title: string }[];
  mayManage: boolean;
  workers: {
    id: string;
    name: string;
    host: string;
    pid: number;
    startedAt: string;
    beatAgeMs: number;
    attempts: number;
  }[];
  checks: {
    /** Of what there are many in a large fleet. */
    kind: 'console' | 'secret' | 'target';
    name: string;
    status: VerdictWord;
    detail: string;
    advice: string | null;
    code: string | null;
    /** When a worker read it, ISO UTC; null: read for this page. */
    at: string | null;
  }[];
  /** When the living workers had last looked, by the one that looked first; null: one has not yet, or none lives. */
  checkedAt: string | null;
  /** May press *Check again*. */
  mayCheck: boolean;
};
