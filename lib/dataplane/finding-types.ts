/** Why a cell does not fit its target column; found by trying the encoder that copies it. */
export const misfitCodes = [
  'integer_out_of_range',
  'number_too_large',
  'digits_lost',
  'real_in_integer',
  'not_finite',
  'negative_zero',
  'boolean_word',
  'not_boolean',
  'nul_in_text',
  'invalid_utf8',
  'lone_surrogate',
  'blob_in_text',
  'class_differs',
  'null_in_not_null',
  'too_long',
  'empty_text',
  'not_json',
  'json_not_storable',
  'json_duplicate_key',
  'time_zero',
  'integer_in_time',
  'real_in_time',
  'time_impossible',
  'time_past_midnight',
  'time_too_fine',
  'time_with_offset',
  'time_without_zone',
  'time_in_date',
  'date_without_time',
  'not_a_time',
  'bad_value',
] as const;
export type Misfit = (typeof misfitCodes)[number];

export type FindingCode =
  | Misfit
  | 'table_without_target'
  | 'column_without_target'
  | 'target_column_without_source'
  | 'table_without_scope'
  | 'object_not_moved'
  | 'generated_column'
  | 'generated_differs'
  | 'declared_type_differs'
  | 'text_among_bytes'
  | 'type_not_supported'
  | 'type_not_expected'
  | 'load_trigger'
  | 'offset_not_kept'
  | 'index_row_too_large'
  | 'index_fails'
  | 'row_too_large'
  | 'row_too_wide'
  | 'too_many_columns'
  | 'identity_headroom'
  | 'duplicate_key'
  | 'orphan_rows'
  | 'object_unreadable'
  | 'no_primary_key'
  | 'not_carried'
  | 'name_changed'
  | 'name_refused'
  | 'check_broken'
  // of a JSON store
  | 'types_differ'
  | 'torn_tail'
  | 'byte_order_mark'
  | 'line_not_json'
  | 'id_differs_from_file'
  | 'alike_after_folding'
  | 'member_not_read'
  | 'file_not_read'
  | 'file_stays'
  | 'names_alike'
  | 'empty_file'
  | 'null_and_missing'
  | 'schema_name_too_long'
  | 'schema_name_reserved'
  | 'schema_name_taken';

export type RuleName =
  | 'leave-out'
  | 'take-whole'
  | 'accept'
  | 'leave-out-rows'
  | 'leave-out-index'
  | 'digest-index'
  | 'carry-rowid'
  | 'no-key'
  | 'rename'
  | 'keep-as-json'
  | 'skip-bom'
  | 'keep-first'
  | 'keep-last'
  | 'not-valid'
  | 'move-to-quarantine'
  | 'keep-target-value'
  | 'keep-values'
  | 'use-expected-type'
  // the column changes, every value is kept
  | 'widen-to-bigint'
  | 'widen-to-numeric'
  | 'widen-to-double'
  | 'widen-to-text'
  | 'widen-to-text-hex'
  | 'widen-to-bytea'
  | 'widen-to-json'
  | 'widen-to-timestamp'
  | 'drop-not-null'
  // the column gets the type that its source declares
  | 'as-boolean'
  | 'as-date'
  | 'as-timestamp'
  | 'as-timestamptz'
  // the value changes, by name
  | 'convert-exact'
  | 'set-null'
  | 'empty-to-null'
  | 'round-to-integer'
  | 'round-to-scale'
  | 'drop-zero-sign'
  | 'read-boolean-words'
  | 'nonzero-is-true'
  | 'strip-nul'
  | 'escape-nul'
  | 'escape-bytes'
  | 'escape-surrogates'
  | 'read-as-latin1'
  | 'bytes-as-hex'
  | 'pad-with-spaces'
  | 'last-key-wins'
  | 'epoch-seconds'
  | 'epoch-milliseconds'
  | 'epoch-microseconds'
  | 'epoch-by-size'
  | 'epoch-zero'
  | 'julian-days'
  | 'roll-over'
  | 'cut-to-microseconds'
  | 'to-utc'
  | 'as-utc'
  | 'at-midnight';
