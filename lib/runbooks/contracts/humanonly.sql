-- What HumanOnly expects of its database. Statements are parted by an empty line; ${schema} stands inside quotes only.

create schema "${schema}"

create table "${schema}".users (
  id text primary key, handle text not null unique, display_name text not null, role text not null,
  governance_accepted_at text not null, human_verified_at text not null, created_at text not null,
  updated_at text not null, identity_assurance_level text, identity_assurance_signals jsonb,
  identity_assurance_evaluated_at text)

create index idx_users_handle on "${schema}".users (handle)

create index idx_users_role on "${schema}".users (role)

create table "${schema}".posts (
  id text primary key, author_id text not null references "${schema}".users (id) on delete cascade,
  body text not null, created_at text not null)

create index idx_posts_author_id on "${schema}".posts (author_id)

create index idx_posts_created_at on "${schema}".posts (created_at desc)

create table "${schema}".reports (
  id text primary key, post_id text not null references "${schema}".posts (id) on delete cascade,
  reporter_id text not null references "${schema}".users (id) on delete cascade, reason text not null,
  status text not null, created_at text not null)

create index idx_reports_status on "${schema}".reports (status)

create index idx_reports_post_id on "${schema}".reports (post_id)

create index idx_reports_reporter_id on "${schema}".reports (reporter_id)

create index idx_reports_created_at on "${schema}".reports (created_at desc)

create table "${schema}".appeals (
  id text primary key, report_id text not null references "${schema}".reports (id) on delete cascade,
  appellant_id text not null references "${schema}".users (id) on delete cascade, reason text not null,
  status text not null, appealed_audit_record_id text, created_at text not null, updated_at text not null,
  decided_at text, decided_by_id text references "${schema}".users (id) on delete set null, decision_rationale text)

create index idx_appeals_status on "${schema}".appeals (status)

create index idx_appeals_report_id on "${schema}".appeals (report_id)

create index idx_appeals_appellant_id on "${schema}".appeals (appellant_id)

create index idx_appeals_updated_at on "${schema}".appeals (updated_at desc)
