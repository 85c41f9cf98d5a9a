import { redact, redactJson } from '@/lib/shared/redact';
import type { Json } from '@/lib/shared/json';

/** When the same act may be tried again. 'later' means: something outside must change first, nothing here. */
export type Retry = 'now' | 'later' | 'never';

/** Every failure a person can see. The list is closed: a new failure is a new line here, with its advice where it is thrown. */
export const errorCodes = [
  // sign-in and authority
  'not_signed_in',
  'role_missing',
  'own_work',
  'second_person_needed',
  'password_needed',
  'too_many_tries',
  'setup_token_wrong',
  'setup_done',
  'reset_link_wrong',
  'sign_in_wrong',
  'email_taken',
  'person_unknown',
  'person_deactivated',
  'last_admin',
  // input
  'input_invalid',
  'fleet_invalid',
  'runbook_invalid',
  'profile_unknown',
  'cutover_unknown',
  'step_unknown',
  'runbook_unknown',
  'attempt_unknown',
  'view_unknown',
  'typed_id_differs',
  'key_of_another',
  // state of the cutover
  'cutover_open_already',
  'gate_closed',
  'step_running',
  'service_busy',
  'plan_missing',
  'plan_changed',
  'ran_since',
  'state_forbids',
  'data_not_set_aside',
  'sign_off_stale',
  'reason_missing',
  'reference_missing',
  'one_role_each',
  'sign_role_missing',
  'reminded_lately',
  'neighbours_not_ready',
  'outside_act_unconfirmed',
  // control plane and engine
  'control_unreachable',
  'control_newer',
  'deadline_passed',
  'attempt_lost',
  'cancelled',
  'child_died',
  // source
  'source_missing',
  'source_not_a_database',
  'source_damaged',
  'source_locked',
  'source_id_unknown',
  'source_changed',
  'source_forbidden',
  'source_empty',
  'source_not_json',
  'source_files_differ',
  // target
  'dsn_missing',
  'dsn_invalid',
  'target_unreachable',
  'target_password_wrong',
  'target_database_missing',
  'target_privilege_missing',
  'ledger_not_ours',
  'design_changed',
  'target_not_empty',
  'target_read_only',
  'target_encoding',
  'target_pooler',
  'schema_name_taken',
  'schema_name_invalid',
  'schema_missing',
  'mapping_invalid',
  'contract_differs',
  // tools and files
  'tool_missing',
  'tool_too_old',
  'tool_failed',
  'disk_full',
  'file_forbidden',
  'snapshot_damaged',
  'snapshot_missing',
  'export_damaged',
  'export_incomplete',
  'export_source_differs',
  // values
  'value_out_of_range',
  'value_not_storable',
  'finding_open',
  'rule_unknown',
  'rows_differ',
  'batch_failed',
  'constraint_refused',
  'sql_refused',
  // service
  'service_unreachable',
  'service_unhealthy',
  'service_mode_wrong',
  'service_restart_failed',
  'env_file_invalid',
  'env_key_forbidden',
  'freeze_failed',
  'fence_failed',
  'fence_would_stop_others',
  'smoke_failed',
  'canary_lost',
  'rehearsal_failed',
  'record_missing',
  'record_stale',
  'log_anomaly',
  'freeze_limit_passed',
  // audit
  'audit_broken',
  'unexpected',
] as const;
export type ErrorCode = (typeof errorCodes)[number];

export type ErrorFacts = {
  code: ErrorCode;
  /** What and where, one sentence, ends with a full stop. */
  message: string;
  /** The next move, one sentence. */
  advice: string;
  retry?: Retry;
  /** Facts for evidence and machines: never a secret, JSON only. */
  facts?: { [key: string]: Json };
};

/** A failure with a code, facts and a next move. Secrets are cut at construction, so no log or page can hold one. */
export class CutoverError extends Error {
  readonly code: ErrorCode;
  readonly advice: string;
  readonly retry: Retry;
  readonly facts: { [key: string]: Json };

  constructor(input: ErrorFacts, options?: { cause?: unknown }) {
    super(redact(input.message), options);
    this.name = 'CutoverError';
    this.code = input.code;
    this.advice = redact(input.advice);
    this.retry = input.retry ?? 'never';
    this.facts = redactJson(input.facts ?? {});
  }

  toJSON(): Required<ErrorFacts> {
    return { code: this.code, message: this.message, advice: this.advice, retry: this.retry, facts: this.facts };
  }
}

/** A failed statement of the control plane names its SQL and parameters, which say nothing to a person: its cause does. */
function messageOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  return thrown.message.startsWith('Failed query:') && thrown.cause instanceof Error
    ? `The control plane did not take a statement: ${thrown.cause.message}`
    : thrown.message;
}

/** Any thrown thing as facts for storage. What is not ours becomes `unexpected`, with its redacted message. */
export function toFacts(thrown: unknown): Required<ErrorFacts> {
  if (thrown instanceof CutoverError) return thrown.toJSON();
  const message = messageOf(thrown);
  return {
    code: 'unexpected',
    message: redact(message) || 'An unexpected failure.',
    advice: 'Open the log of the attempt; retry is safe, every step resumes or probes.',
    retry: 'now',
    facts: thrown instanceof Error && 'code' in thrown ? { sqlstate: String(thrown.code) } : {},
  };
}
