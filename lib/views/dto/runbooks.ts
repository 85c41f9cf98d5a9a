import type { ErrorFacts } from '@/lib/errors';

export type RunbookDto = {
  name: string;
  title: string;
  version: string;
  summary: string;
  from: string;
  to: string;
  wayBack: string;
  digest: string;
  file: string;
  phases: {
    title: string;
    tLabel: string;
    sequence: boolean;
    steps: { id: string; kind: string; title: string; why: string; plannedMs: number; needs: string[] }[];
  }[];
  rollbacks: { title: string; steps: { id: string; kind: string; title: string; why: string }[] }[];
  usedBy: string[];
  /** It needs no cutover, since it touches nothing of a profile: a command runs it. */
  standsAlone: boolean;
};

export type RunbooksDto = {
  runbooks: {
    name: string;
    title: string;
    version: string;
    from: string;
    to: string;
    steps: number;
    profiles: number;
    error: Required<ErrorFacts> | null;
  }[];
};
