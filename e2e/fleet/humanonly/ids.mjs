import { randomUUID } from 'node:crypto';

/** `usr_`, `pst_`, `rpt_`, `apl_` and 16 hex digits. */
export const newId = (prefix) => `${prefix}_${randomUUID().replaceAll('-', '').slice(0, 16)}`;
