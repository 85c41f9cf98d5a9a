-- What sx itself makes for one source. Statements are parted by an empty line; ${schema} stands inside quotes only.

create table if not exists public.sources (
  id text primary key, label text, kind text, description text, enabled integer not null default 1,
  is_default integer not null default 0, created_at text not null, updated_at text not null)

create table if not exists public.sx_source_registry (
  source_id text primary key, schema_name text not null unique, created_at text not null, updated_at text not null)

create schema "${schema}"

create table "${schema}".videos (
  source_id text not null, id text not null, platform text, author_unique_id text, author_name text, author_id text,
  followers integer, hearts integer, videos_count integer, signature text, is_private integer, caption text,
  bookmarked integer not null default 0, bookmark_timestamp text, video_path text, cover_path text, csv_row_hash text,
  updated_at text, primary key (source_id, id))

create table "${schema}".user_meta (
  source_id text not null, video_id text not null, rating integer, status text, statuses text, tags text, notes text,
  product_link text, author_links text, platform_targets text, workflow_log text, post_url text, published_time text,
  updated_at text, primary key (source_id, video_id))

create table "${schema}".video_notes (
  source_id text not null, video_id text not null, markdown text, template_version text, created_at text, updated_at text,
  primary key (source_id, video_id))

create table "${schema}".csv_consolidated_raw (
  source_id text not null, csv_row_hash text not null, row_json text not null, imported_at text,
  primary key (source_id, csv_row_hash))

create table "${schema}".csv_authors_raw (
  source_id text not null, csv_row_hash text not null, row_json text not null, imported_at text,
  primary key (source_id, csv_row_hash))

create table "${schema}".csv_bookmarks_raw (
  source_id text not null, csv_row_hash text not null, row_json text not null, imported_at text,
  primary key (source_id, csv_row_hash))

create table "${schema}".scheduling_artifacts (
  source_id text not null, video_id text not null, platform text not null, status text, artifact_json text,
  scheduled_for text, created_at text, updated_at text, primary key (source_id, video_id, platform))

create table "${schema}".job_queue (
  source_id text not null, job_id text not null, kind text not null, status text not null, payload_json text,
  attempts integer not null default 0, error text, created_at text, updated_at text, primary key (source_id, job_id))

alter table "${schema}".user_meta add constraint fk_user_meta_videos
  foreign key (source_id, video_id) references "${schema}".videos (source_id, id) on delete cascade not valid

alter table "${schema}".video_notes add constraint fk_video_notes_videos
  foreign key (source_id, video_id) references "${schema}".videos (source_id, id) on delete cascade not valid

create index "idx_${schema}_videos_bookmarked" on "${schema}".videos (source_id, bookmarked, bookmark_timestamp)

create index "idx_${schema}_videos_author" on "${schema}".videos (source_id, author_unique_id)

create index "idx_${schema}_videos_updated" on "${schema}".videos (source_id, updated_at)

create index "idx_${schema}_user_meta_status" on "${schema}".user_meta (source_id, status)

create index "idx_${schema}_user_meta_rating" on "${schema}".user_meta (source_id, rating)

create index "idx_${schema}_video_notes_updated" on "${schema}".video_notes (source_id, updated_at)

create index "idx_${schema}_scheduling_status" on "${schema}".scheduling_artifacts (source_id, status)

create index "idx_${schema}_job_queue_status" on "${schema}".job_queue (source_id, status)
