-- What Orcheo itself makes in PostgreSQL. Statements are parted by an empty line; ${schema} stands inside quotes only.

CREATE SCHEMA IF NOT EXISTS "${schema}"

CREATE TABLE IF NOT EXISTS "${schema}"."workflows" (
  "id" TEXT NOT NULL,
  "handle" TEXT,
  "is_archived" BOOLEAN NOT NULL DEFAULT FALSE,
  "payload" JSONB NOT NULL,
  "created_at" TIMESTAMP WITH TIME ZONE NOT NULL,
  "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY ("id"))

CREATE INDEX IF NOT EXISTS "idx_workflows_handle" ON "${schema}"."workflows" (handle)

CREATE INDEX IF NOT EXISTS "idx_workflows_archived" ON "${schema}"."workflows" (is_archived)

CREATE INDEX IF NOT EXISTS "idx_workflows_payload" ON "${schema}"."workflows" USING GIN (payload)

CREATE TABLE IF NOT EXISTS "${schema}"."workflow_versions" (
  "id" TEXT NOT NULL,
  "workflow_id" TEXT NOT NULL,
  "version" INTEGER NOT NULL,
  "payload" JSONB NOT NULL,
  "created_at" TIMESTAMP WITH TIME ZONE NOT NULL,
  "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY ("id"),
  UNIQUE ("workflow_id", "version"))

CREATE INDEX IF NOT EXISTS "idx_versions_workflow" ON "${schema}"."workflow_versions" (workflow_id)

CREATE TABLE IF NOT EXISTS "${schema}"."workflow_runs" (
  "id" TEXT NOT NULL,
  "workflow_id" TEXT NOT NULL,
  "workflow_version_id" TEXT NOT NULL,
  "status" TEXT NOT NULL,
  "triggered_by" TEXT NOT NULL,
  "payload" JSONB NOT NULL,
  "created_at" TIMESTAMP WITH TIME ZONE NOT NULL,
  "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY ("id"))

CREATE INDEX IF NOT EXISTS "idx_runs_workflow" ON "${schema}"."workflow_runs" (workflow_id)

CREATE INDEX IF NOT EXISTS "idx_runs_version" ON "${schema}"."workflow_runs" (workflow_version_id)

CREATE INDEX IF NOT EXISTS "idx_runs_payload" ON "${schema}"."workflow_runs" USING GIN (payload)

CREATE TABLE IF NOT EXISTS "${schema}"."webhook_triggers" (
  "workflow_id" TEXT NOT NULL,
  "config" JSONB NOT NULL,
  PRIMARY KEY ("workflow_id"))

CREATE TABLE IF NOT EXISTS "${schema}"."cron_triggers" (
  "workflow_id" TEXT NOT NULL,
  "config" JSONB NOT NULL,
  "last_dispatched_at" TIMESTAMP WITH TIME ZONE,
  PRIMARY KEY ("workflow_id"))

CREATE TABLE IF NOT EXISTS "${schema}"."retry_policies" (
  "workflow_id" TEXT NOT NULL,
  "config" JSONB NOT NULL,
  PRIMARY KEY ("workflow_id"))

CREATE TABLE IF NOT EXISTS "${schema}"."listener_subscriptions" (
  "id" TEXT NOT NULL,
  "workflow_id" TEXT NOT NULL,
  "platform" TEXT NOT NULL,
  "status" TEXT NOT NULL,
  "config" JSONB NOT NULL,
  "created_at" TIMESTAMP WITH TIME ZONE NOT NULL,
  "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY ("id"))

CREATE INDEX IF NOT EXISTS "idx_listeners_workflow" ON "${schema}"."listener_subscriptions" (workflow_id)

CREATE TABLE IF NOT EXISTS "${schema}"."listener_cursors" (
  "subscription_id" TEXT NOT NULL,
  "position" TEXT,
  "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY ("subscription_id"))

CREATE TABLE IF NOT EXISTS "${schema}"."listener_dedupe" (
  "subscription_id" TEXT NOT NULL,
  "dedupe_key" TEXT NOT NULL,
  "seen_at" TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY ("subscription_id", "dedupe_key"))

CREATE TABLE IF NOT EXISTS "${schema}"."execution_history" (
  "execution_id" TEXT NOT NULL,
  "workflow_id" TEXT NOT NULL,
  "inputs" JSONB NOT NULL,
  "runnable_config" JSONB NOT NULL DEFAULT '{}',
  "tags" JSONB NOT NULL DEFAULT '[]',
  "callbacks" JSONB NOT NULL DEFAULT '[]',
  "metadata" JSONB NOT NULL DEFAULT '{}',
  "run_name" TEXT,
  "status" TEXT NOT NULL,
  "started_at" TIMESTAMP WITH TIME ZONE NOT NULL,
  "completed_at" TIMESTAMP WITH TIME ZONE,
  "error" TEXT,
  "trace_id" TEXT,
  "trace_started_at" TIMESTAMP WITH TIME ZONE,
  "trace_completed_at" TIMESTAMP WITH TIME ZONE,
  "trace_last_span_at" TIMESTAMP WITH TIME ZONE,
  PRIMARY KEY ("execution_id"))

CREATE INDEX IF NOT EXISTS "idx_history_workflow" ON "${schema}"."execution_history" (workflow_id)

CREATE TABLE IF NOT EXISTS "${schema}"."execution_history_steps" (
  "execution_id" TEXT NOT NULL,
  "step_index" INTEGER NOT NULL,
  "at" TIMESTAMP WITH TIME ZONE NOT NULL,
  "payload" JSONB NOT NULL,
  PRIMARY KEY ("execution_id", "step_index"),
  FOREIGN KEY ("execution_id") REFERENCES "${schema}"."execution_history" ("execution_id") ON DELETE CASCADE)

CREATE INDEX IF NOT EXISTS "idx_history_steps" ON "${schema}"."execution_history_steps" (execution_id, step_index)

CREATE TABLE IF NOT EXISTS "${schema}"."agentensor_checkpoints" (
  "id" TEXT NOT NULL,
  "workflow_id" TEXT NOT NULL,
  "config_version" INTEGER NOT NULL,
  "runnable_config" JSONB NOT NULL,
  "metrics" JSONB NOT NULL,
  "metadata" JSONB NOT NULL DEFAULT '{}',
  "artifact_url" TEXT,
  "is_best" BOOLEAN NOT NULL DEFAULT FALSE,
  "created_at" TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY ("id"))

CREATE INDEX IF NOT EXISTS "idx_agentensor_workflow" ON "${schema}"."agentensor_checkpoints" (workflow_id, config_version)

CREATE INDEX IF NOT EXISTS "idx_agentensor_best" ON "${schema}"."agentensor_checkpoints" (workflow_id, is_best)

CREATE INDEX IF NOT EXISTS "idx_agentensor_metrics" ON "${schema}"."agentensor_checkpoints" USING GIN (metrics)

CREATE INDEX IF NOT EXISTS "idx_agentensor_metadata" ON "${schema}"."agentensor_checkpoints" USING GIN (metadata)

CREATE TABLE IF NOT EXISTS "${schema}"."service_tokens" (
  "identifier" TEXT NOT NULL,
  "secret_hash" TEXT NOT NULL,
  "scopes" JSONB,
  "workspace_ids" JSONB,
  "created_at" TIMESTAMP WITH TIME ZONE NOT NULL,
  "created_by" TEXT,
  "issued_at" TIMESTAMP WITH TIME ZONE,
  "expires_at" TIMESTAMP WITH TIME ZONE,
  "last_used_at" TIMESTAMP WITH TIME ZONE,
  "use_count" INTEGER DEFAULT 0,
  "rotation_expires_at" TIMESTAMP WITH TIME ZONE,
  "rotated_to" TEXT,
  "rotated_from" TEXT,
  "revoked_at" TIMESTAMP WITH TIME ZONE,
  "revoked_by" TEXT,
  "revocation_reason" TEXT,
  "allowed_ip_ranges" JSONB,
  "rate_limit_override" INTEGER,
  PRIMARY KEY ("identifier"))

CREATE INDEX IF NOT EXISTS "idx_tokens_hash" ON "${schema}"."service_tokens" (secret_hash)

CREATE TABLE IF NOT EXISTS "${schema}"."service_token_audit_log" (
  "id" SERIAL NOT NULL,
  "token_id" TEXT NOT NULL,
  "action" TEXT NOT NULL,
  "actor" TEXT,
  "ip_address" TEXT,
  "user_agent" TEXT,
  "timestamp" TIMESTAMP WITH TIME ZONE NOT NULL,
  "details" JSONB,
  PRIMARY KEY ("id"))

CREATE INDEX IF NOT EXISTS "idx_audit_token" ON "${schema}"."service_token_audit_log" (token_id)

CREATE INDEX IF NOT EXISTS "idx_audit_time" ON "${schema}"."service_token_audit_log" ("timestamp")

CREATE TABLE IF NOT EXISTS "${schema}"."checkpoints" (
  "thread_id" TEXT NOT NULL,
  "checkpoint_ns" TEXT NOT NULL,
  "checkpoint_id" TEXT NOT NULL,
  "parent_checkpoint_id" TEXT,
  "type" TEXT,
  "checkpoint" JSONB NOT NULL,
  "metadata" JSONB NOT NULL DEFAULT '{}',
  PRIMARY KEY ("thread_id", "checkpoint_ns", "checkpoint_id"))

CREATE TABLE IF NOT EXISTS "${schema}"."checkpoint_writes" (
  "thread_id" TEXT NOT NULL,
  "checkpoint_ns" TEXT NOT NULL,
  "checkpoint_id" TEXT NOT NULL,
  "task_id" TEXT NOT NULL,
  "idx" INTEGER NOT NULL,
  "channel" TEXT NOT NULL,
  "type" TEXT,
  "value" BYTEA,
  PRIMARY KEY ("thread_id", "checkpoint_ns", "checkpoint_id", "task_id", "idx"))

CREATE TABLE IF NOT EXISTS "${schema}"."chat_threads" (
  "id" TEXT NOT NULL,
  "title" TEXT,
  "workflow_id" TEXT,
  "status" JSONB NOT NULL,
  "metadata" JSONB NOT NULL DEFAULT '{}',
  "created_at" TIMESTAMP WITH TIME ZONE NOT NULL,
  "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY ("id"))

CREATE INDEX IF NOT EXISTS "idx_threads_metadata" ON "${schema}"."chat_threads" USING GIN (metadata)

CREATE TABLE IF NOT EXISTS "${schema}"."chat_messages" (
  "id" TEXT NOT NULL,
  "thread_id" TEXT NOT NULL,
  "ordinal" INTEGER NOT NULL,
  "item_type" TEXT NOT NULL,
  "item_json" JSONB NOT NULL,
  "created_at" TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY ("id"),
  FOREIGN KEY ("thread_id") REFERENCES "${schema}"."chat_threads" ("id") ON DELETE CASCADE)

CREATE INDEX IF NOT EXISTS "idx_messages_thread" ON "${schema}"."chat_messages" (thread_id, ordinal)

CREATE INDEX IF NOT EXISTS "idx_messages_item" ON "${schema}"."chat_messages" USING GIN (item_json)

CREATE INDEX IF NOT EXISTS "idx_messages_text" ON "${schema}"."chat_messages" USING GIN (to_tsvector('english', coalesce(item_json ->> 'text', '')))

CREATE TABLE IF NOT EXISTS "${schema}"."chat_attachments" (
  "id" TEXT NOT NULL,
  "thread_id" TEXT,
  "attachment_type" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "mime_type" TEXT NOT NULL,
  "details_json" JSONB NOT NULL,
  "storage_path" TEXT,
  "created_at" TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY ("id"))

CREATE INDEX IF NOT EXISTS "idx_attachments_thread" ON "${schema}"."chat_attachments" (thread_id)

CREATE TABLE IF NOT EXISTS "${schema}"."store" (
  "prefix" TEXT NOT NULL,
  "key" TEXT NOT NULL,
  "value" JSONB NOT NULL,
  "created_at" TIMESTAMP WITH TIME ZONE NOT NULL,
  "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY ("prefix", "key"))
