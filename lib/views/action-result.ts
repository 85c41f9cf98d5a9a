import type { ErrorFacts } from '@/lib/errors';

/** What every form gets back. `nextKey` goes into the hidden field `key` of the next press. */
export type ActionResult =
  | { ok: true; message?: string; href?: string /** to be shown once and copied */; copy?: string; nextKey: string }
  | {
      ok: false;
      error: Pick<ErrorFacts, 'code' | 'message' | 'advice'>;
      /** First complaint by field name. */
      fieldErrors?: Record<string, string>;
      nextKey: string;
    };
/** State of `useActionState`: `{ ok: null, nextKey }` before the first press; the page makes the first key. */
export type ActionState = ActionResult | { ok: null; nextKey: string };
export type FormAction = (previous: ActionState, form: FormData) => Promise<ActionResult>;
