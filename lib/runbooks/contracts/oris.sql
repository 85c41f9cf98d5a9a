-- What the Oris runtime expects of its schema, version 2. Statements are parted by an empty line; ${schema} stands inside quotes only.

create schema "${schema}"

create table "${schema}".runtime_schema_migrations (
  version integer primary key, name text not null, applied_at_ms bigint not null)

create table "${schema}".runtime_attempts (
  attempt_id text primary key, run_id text not null, attempt_no integer not null, status text not null,
  retry_at_ms bigint)

create table "${schema}".runtime_leases (
  lease_id text primary key, attempt_id text not null unique, worker_id text not null,
  lease_expires_at_ms bigint not null, heartbeat_at_ms bigint not null, version bigint not null)

create index idx_runtime_attempts_status_retry on "${schema}".runtime_attempts (status, retry_at_ms)

create index idx_runtime_leases_expiry on "${schema}".runtime_leases (lease_expires_at_ms)
