-- The 22 tables of fabio's baseline SQL, and the two that only the service's own start makes.
-- Statements are parted by an empty line; ${schema} stands inside quotes only.

CREATE SCHEMA IF NOT EXISTS "${schema}"

CREATE TABLE IF NOT EXISTS "${schema}"."orchestration_commands" (
  "id" BIGSERIAL NOT NULL,
  "command_id" UUID NOT NULL UNIQUE,
  "name" TEXT NOT NULL,
  "tenant_id" TEXT NOT NULL,
  "correlation_id" UUID NOT NULL,
  "trace_id" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ NOT NULL,
  "command_json" JSONB NOT NULL,
  PRIMARY KEY ("id"))

CREATE INDEX IF NOT EXISTS "orchestration_commands_correlation_idx" ON "${schema}"."orchestration_commands" (correlation_id, created_at)

CREATE TABLE IF NOT EXISTS "${schema}"."orchestration_events" (
  "id" BIGSERIAL NOT NULL,
  "event_id" UUID NOT NULL UNIQUE,
  "name" TEXT NOT NULL,
  "tenant_id" TEXT NOT NULL,
  "correlation_id" UUID NOT NULL,
  "trace_id" TEXT NOT NULL,
  "emitted_at" TIMESTAMPTZ NOT NULL,
  "event_json" JSONB NOT NULL,
  PRIMARY KEY ("id"))

CREATE INDEX IF NOT EXISTS "orchestration_events_correlation_idx" ON "${schema}"."orchestration_events" (correlation_id, emitted_at)

CREATE TABLE IF NOT EXISTS "${schema}"."orchestration_module_task_queue" (
  "queue_item_id" UUID NOT NULL,
  "status" TEXT NOT NULL,
  "enqueued_at" TIMESTAMPTZ NOT NULL,
  "started_at" TIMESTAMPTZ,
  "finished_at" TIMESTAMPTZ,
  "updated_at" TIMESTAMPTZ NOT NULL,
  "simulate_failure" BOOLEAN NOT NULL,
  "error_code" TEXT,
  "result_summary" TEXT,
  "command_json" JSONB NOT NULL,
  PRIMARY KEY ("queue_item_id"))

CREATE INDEX IF NOT EXISTS "orchestration_module_task_queue_status_idx" ON "${schema}"."orchestration_module_task_queue" (status, enqueued_at)

CREATE TABLE IF NOT EXISTS "${schema}"."orchestration_task_confirmations" (
  "confirmation_id" UUID NOT NULL,
  "tenant_id" TEXT NOT NULL,
  "status" TEXT NOT NULL,
  "reason_code" TEXT NOT NULL,
  "owner_command_ref_json" JSONB NOT NULL,
  "task_plan_ref_json" JSONB NOT NULL,
  "request_snapshot_json" JSONB NOT NULL,
  "resolution_json" JSONB,
  "module_task_json" JSONB,
  "created_at" TIMESTAMPTZ NOT NULL,
  "updated_at" TIMESTAMPTZ NOT NULL,
  "resolved_at" TIMESTAMPTZ,
  PRIMARY KEY ("confirmation_id"))

CREATE INDEX IF NOT EXISTS "orchestration_task_confirmations_tenant_status_idx" ON "${schema}"."orchestration_task_confirmations" (tenant_id, status, created_at)

CREATE TABLE IF NOT EXISTS "${schema}"."customers" (
  "customer_id" UUID NOT NULL,
  "tenant_id" TEXT NOT NULL,
  "display_name" TEXT NOT NULL,
  "primary_phone" TEXT,
  "primary_email" TEXT,
  "origin" TEXT NOT NULL,
  "status" TEXT NOT NULL,
  "external_key" TEXT,
  "metadata_json" JSONB NOT NULL DEFAULT '{}',
  "created_at" TIMESTAMPTZ NOT NULL,
  "updated_at" TIMESTAMPTZ NOT NULL,
  PRIMARY KEY ("customer_id"))

CREATE UNIQUE INDEX IF NOT EXISTS "customers_external_key_ux" ON "${schema}"."customers" (tenant_id, external_key) WHERE external_key IS NOT NULL

CREATE TABLE IF NOT EXISTS "${schema}"."agenda_appointments" (
  "appointment_id" UUID NOT NULL,
  "tenant_id" TEXT NOT NULL,
  "external_key" TEXT,
  "title" TEXT NOT NULL,
  "description" TEXT NOT NULL,
  "start_at" TIMESTAMPTZ NOT NULL,
  "end_at" TIMESTAMPTZ,
  "timezone" TEXT NOT NULL,
  "status" TEXT NOT NULL,
  "metadata_json" JSONB NOT NULL DEFAULT '{}',
  "created_at" TIMESTAMPTZ NOT NULL,
  "updated_at" TIMESTAMPTZ NOT NULL,
  PRIMARY KEY ("appointment_id"))

CREATE UNIQUE INDEX IF NOT EXISTS "agenda_appointments_external_key_ux" ON "${schema}"."agenda_appointments" (tenant_id, external_key) WHERE external_key IS NOT NULL

CREATE TABLE IF NOT EXISTS "${schema}"."agenda_reminders" (
  "reminder_id" UUID NOT NULL,
  "appointment_id" UUID NOT NULL,
  "tenant_id" TEXT NOT NULL,
  "external_key" TEXT,
  "schedule_at" TIMESTAMPTZ NOT NULL,
  "channel" TEXT NOT NULL,
  "message" TEXT NOT NULL,
  "recipient_json" JSONB NOT NULL DEFAULT '{}',
  "status" TEXT NOT NULL,
  "dispatch_command_id" UUID,
  "metadata_json" JSONB NOT NULL DEFAULT '{}',
  "created_at" TIMESTAMPTZ NOT NULL,
  "updated_at" TIMESTAMPTZ NOT NULL,
  PRIMARY KEY ("reminder_id"))

CREATE UNIQUE INDEX IF NOT EXISTS "agenda_reminders_external_key_ux" ON "${schema}"."agenda_reminders" (tenant_id, external_key) WHERE external_key IS NOT NULL

CREATE INDEX IF NOT EXISTS "agenda_reminders_tenant_schedule_idx" ON "${schema}"."agenda_reminders" (tenant_id, schedule_at)

CREATE TABLE IF NOT EXISTS "${schema}"."billing_charges" (
  "charge_id" UUID NOT NULL,
  "tenant_id" TEXT NOT NULL,
  "customer_id" UUID NOT NULL,
  "external_key" TEXT,
  "amount" NUMERIC(14, 2) NOT NULL,
  "currency" CHAR(3) NOT NULL,
  "due_date" DATE,
  "status" TEXT NOT NULL,
  "metadata_json" JSONB NOT NULL DEFAULT '{}',
  "created_at" TIMESTAMPTZ NOT NULL,
  "updated_at" TIMESTAMPTZ NOT NULL,
  PRIMARY KEY ("charge_id"))

CREATE UNIQUE INDEX IF NOT EXISTS "billing_charges_external_key_ux" ON "${schema}"."billing_charges" (tenant_id, external_key) WHERE external_key IS NOT NULL

CREATE INDEX IF NOT EXISTS "billing_charges_tenant_due_idx" ON "${schema}"."billing_charges" (tenant_id, due_date)

CREATE TABLE IF NOT EXISTS "${schema}"."billing_payments" (
  "payment_id" UUID NOT NULL,
  "charge_id" UUID NOT NULL REFERENCES "${schema}"."billing_charges" ("charge_id"),
  "tenant_id" TEXT NOT NULL,
  "external_key" TEXT,
  "amount" NUMERIC(14, 2) NOT NULL,
  "currency" CHAR(3) NOT NULL,
  "paid_at" TIMESTAMPTZ NOT NULL,
  "status" TEXT NOT NULL,
  "metadata_json" JSONB NOT NULL DEFAULT '{}',
  "created_at" TIMESTAMPTZ NOT NULL,
  "updated_at" TIMESTAMPTZ NOT NULL,
  PRIMARY KEY ("payment_id"))

CREATE UNIQUE INDEX IF NOT EXISTS "billing_payments_external_key_ux" ON "${schema}"."billing_payments" (tenant_id, external_key) WHERE external_key IS NOT NULL

CREATE INDEX IF NOT EXISTS "billing_payments_tenant_paid_idx" ON "${schema}"."billing_payments" (tenant_id, paid_at)

CREATE TABLE IF NOT EXISTS "${schema}"."crm_leads" (
  "lead_id" UUID NOT NULL,
  "tenant_id" TEXT NOT NULL,
  "external_key" TEXT,
  "display_name" TEXT NOT NULL,
  "phone_e164" TEXT NOT NULL,
  "source_channel" TEXT NOT NULL,
  "stage" TEXT NOT NULL,
  "metadata_json" JSONB NOT NULL DEFAULT '{}',
  "created_at" TIMESTAMPTZ NOT NULL,
  "updated_at" TIMESTAMPTZ NOT NULL,
  PRIMARY KEY ("lead_id"))

CREATE UNIQUE INDEX IF NOT EXISTS "crm_leads_external_key_ux" ON "${schema}"."crm_leads" (tenant_id, external_key) WHERE external_key IS NOT NULL

CREATE TABLE IF NOT EXISTS "${schema}"."crm_campaigns" (
  "campaign_id" UUID NOT NULL,
  "tenant_id" TEXT NOT NULL,
  "external_key" TEXT,
  "name" TEXT NOT NULL,
  "channel" TEXT NOT NULL,
  "audience_segment" TEXT,
  "state" TEXT NOT NULL,
  "scheduled_at" TIMESTAMPTZ,
  "metadata_json" JSONB NOT NULL DEFAULT '{}',
  "created_at" TIMESTAMPTZ NOT NULL,
  "updated_at" TIMESTAMPTZ NOT NULL,
  PRIMARY KEY ("campaign_id"))

CREATE UNIQUE INDEX IF NOT EXISTS "crm_campaigns_external_key_ux" ON "${schema}"."crm_campaigns" (tenant_id, external_key) WHERE external_key IS NOT NULL

CREATE TABLE IF NOT EXISTS "${schema}"."crm_followups" (
  "followup_id" UUID NOT NULL,
  "tenant_id" TEXT NOT NULL,
  "campaign_id" UUID,
  "external_key" TEXT,
  "lead_id" UUID,
  "customer_id" UUID,
  "phone_e164" TEXT NOT NULL,
  "message" TEXT NOT NULL,
  "schedule_at" TIMESTAMPTZ NOT NULL,
  "channel" TEXT NOT NULL,
  "status" TEXT NOT NULL,
  "provider_message_id" TEXT,
  "last_error_code" TEXT,
  "last_error_message" TEXT,
  "metadata_json" JSONB NOT NULL DEFAULT '{}',
  "correlation_id" UUID,
  "trace_id" TEXT,
  "created_at" TIMESTAMPTZ NOT NULL,
  "updated_at" TIMESTAMPTZ NOT NULL,
  PRIMARY KEY ("followup_id"))

CREATE UNIQUE INDEX IF NOT EXISTS "crm_followups_external_key_ux" ON "${schema}"."crm_followups" (tenant_id, external_key) WHERE external_key IS NOT NULL

CREATE TABLE IF NOT EXISTS "${schema}"."crm_accounts" (
  "account_id" UUID NOT NULL,
  "tenant_id" TEXT NOT NULL,
  "external_key" TEXT,
  "name" TEXT NOT NULL,
  "legal_name" TEXT,
  "document_number" TEXT,
  "industry" TEXT,
  "website" TEXT,
  "status" TEXT NOT NULL,
  "owner_user_id" TEXT,
  "metadata_json" JSONB NOT NULL DEFAULT '{}',
  "created_at" TIMESTAMPTZ NOT NULL,
  "updated_at" TIMESTAMPTZ NOT NULL,
  PRIMARY KEY ("account_id"))

CREATE UNIQUE INDEX IF NOT EXISTS "crm_accounts_external_key_ux" ON "${schema}"."crm_accounts" (tenant_id, external_key) WHERE external_key IS NOT NULL

CREATE TABLE IF NOT EXISTS "${schema}"."crm_contacts" (
  "contact_id" UUID NOT NULL,
  "tenant_id" TEXT NOT NULL,
  "account_id" UUID REFERENCES "${schema}"."crm_accounts" ("account_id"),
  "external_key" TEXT,
  "display_name" TEXT NOT NULL,
  "job_title" TEXT,
  "phone_e164" TEXT,
  "email" TEXT,
  "status" TEXT NOT NULL,
  "metadata_json" JSONB NOT NULL DEFAULT '{}',
  "created_at" TIMESTAMPTZ NOT NULL,
  "updated_at" TIMESTAMPTZ NOT NULL,
  PRIMARY KEY ("contact_id"))

CREATE UNIQUE INDEX IF NOT EXISTS "crm_contacts_external_key_ux" ON "${schema}"."crm_contacts" (tenant_id, external_key) WHERE external_key IS NOT NULL

CREATE TABLE IF NOT EXISTS "${schema}"."crm_deals" (
  "deal_id" UUID NOT NULL,
  "tenant_id" TEXT NOT NULL,
  "lead_id" UUID REFERENCES "${schema}"."crm_leads" ("lead_id"),
  "account_id" UUID REFERENCES "${schema}"."crm_accounts" ("account_id"),
  "contact_id" UUID REFERENCES "${schema}"."crm_contacts" ("contact_id"),
  "external_key" TEXT,
  "title" TEXT NOT NULL,
  "stage" TEXT NOT NULL,
  "amount" NUMERIC(14, 2),
  "currency" CHAR(3),
  "expected_close_date" DATE,
  "owner_user_id" TEXT,
  "metadata_json" JSONB NOT NULL DEFAULT '{}',
  "created_at" TIMESTAMPTZ NOT NULL,
  "updated_at" TIMESTAMPTZ NOT NULL,
  PRIMARY KEY ("deal_id"))

CREATE UNIQUE INDEX IF NOT EXISTS "crm_deals_external_key_ux" ON "${schema}"."crm_deals" (tenant_id, external_key) WHERE external_key IS NOT NULL

CREATE TABLE IF NOT EXISTS "${schema}"."crm_activities" (
  "activity_id" UUID NOT NULL,
  "tenant_id" TEXT NOT NULL,
  "deal_id" UUID REFERENCES "${schema}"."crm_deals" ("deal_id"),
  "contact_id" UUID REFERENCES "${schema}"."crm_contacts" ("contact_id"),
  "kind" TEXT NOT NULL,
  "title" TEXT,
  "body" TEXT NOT NULL,
  "occurred_at" TIMESTAMPTZ NOT NULL,
  "author_user_id" TEXT,
  "metadata_json" JSONB NOT NULL DEFAULT '{}',
  "created_at" TIMESTAMPTZ NOT NULL,
  "updated_at" TIMESTAMPTZ NOT NULL,
  PRIMARY KEY ("activity_id"))

CREATE TABLE IF NOT EXISTS "${schema}"."crm_tasks" (
  "task_id" UUID NOT NULL,
  "tenant_id" TEXT NOT NULL,
  "deal_id" UUID REFERENCES "${schema}"."crm_deals" ("deal_id"),
  "contact_id" UUID REFERENCES "${schema}"."crm_contacts" ("contact_id"),
  "title" TEXT NOT NULL,
  "description" TEXT,
  "due_at" TIMESTAMPTZ,
  "status" TEXT NOT NULL,
  "priority" TEXT NOT NULL,
  "assignee_user_id" TEXT,
  "metadata_json" JSONB NOT NULL DEFAULT '{}',
  "created_at" TIMESTAMPTZ NOT NULL,
  "updated_at" TIMESTAMPTZ NOT NULL,
  PRIMARY KEY ("task_id"))

CREATE TABLE IF NOT EXISTS "${schema}"."crm_views" (
  "view_id" UUID NOT NULL,
  "tenant_id" TEXT NOT NULL,
  "owner_user_id" TEXT,
  "name" TEXT NOT NULL,
  "scope" TEXT NOT NULL,
  "module" TEXT NOT NULL,
  "is_default" BOOLEAN NOT NULL DEFAULT false,
  "filters_json" JSONB NOT NULL DEFAULT '{}',
  "columns_json" JSONB NOT NULL DEFAULT '[]',
  "sort_json" JSONB NOT NULL DEFAULT '{}',
  "metadata_json" JSONB NOT NULL DEFAULT '{}',
  "created_at" TIMESTAMPTZ NOT NULL,
  "updated_at" TIMESTAMPTZ NOT NULL,
  PRIMARY KEY ("view_id"))

CREATE UNIQUE INDEX IF NOT EXISTS "crm_views_owner_module_name_ux" ON "${schema}"."crm_views" (tenant_id, COALESCE(owner_user_id, ''), module, name)

CREATE TABLE IF NOT EXISTS "${schema}"."owner_memory_entries" (
  "memory_id" UUID NOT NULL,
  "tenant_id" TEXT NOT NULL,
  "session_id" UUID NOT NULL,
  "external_key" TEXT,
  "source" TEXT NOT NULL,
  "content" TEXT NOT NULL,
  "tags_json" JSONB NOT NULL DEFAULT '[]',
  "salience_score" NUMERIC(4, 3) NOT NULL,
  "embedding_ref" TEXT,
  "embedding_vector_json" JSONB,
  "status" TEXT NOT NULL,
  "metadata_json" JSONB NOT NULL DEFAULT '{}',
  "created_at" TIMESTAMPTZ NOT NULL,
  "updated_at" TIMESTAMPTZ NOT NULL,
  PRIMARY KEY ("memory_id"))

CREATE UNIQUE INDEX IF NOT EXISTS "owner_memory_entries_external_key_ux" ON "${schema}"."owner_memory_entries" (tenant_id, external_key) WHERE external_key IS NOT NULL

CREATE INDEX IF NOT EXISTS "owner_memory_entries_tenant_session_idx" ON "${schema}"."owner_memory_entries" (tenant_id, session_id, created_at)

CREATE TABLE IF NOT EXISTS "${schema}"."owner_context_promotions" (
  "promotion_id" UUID NOT NULL,
  "tenant_id" TEXT NOT NULL,
  "memory_id" UUID NOT NULL REFERENCES "${schema}"."owner_memory_entries" ("memory_id"),
  "action" TEXT NOT NULL,
  "reason_code" TEXT,
  "metadata_json" JSONB NOT NULL DEFAULT '{}',
  "created_at" TIMESTAMPTZ NOT NULL,
  PRIMARY KEY ("promotion_id"))

CREATE TABLE IF NOT EXISTS "${schema}"."owner_memory_reembed_schedules" (
  "tenant_id" TEXT NOT NULL,
  "enabled" BOOLEAN NOT NULL DEFAULT true,
  "interval_minutes" INTEGER NOT NULL,
  "limit_items" INTEGER NOT NULL,
  "mode" TEXT,
  "created_at" TIMESTAMPTZ NOT NULL,
  "updated_at" TIMESTAMPTZ NOT NULL,
  "last_run_at" TIMESTAMPTZ,
  "next_run_at" TIMESTAMPTZ,
  "last_result_json" JSONB,
  "run_lock_json" JSONB,
  PRIMARY KEY ("tenant_id"))

CREATE TABLE IF NOT EXISTS "${schema}"."owner_memory_reembed_runs" (
  "id" BIGSERIAL NOT NULL,
  "run_id" UUID NOT NULL,
  "tenant_id" TEXT NOT NULL,
  "trigger" TEXT NOT NULL,
  "status" TEXT NOT NULL,
  "dry_run" BOOLEAN NOT NULL DEFAULT false,
  "started_at" TIMESTAMPTZ NOT NULL,
  "finished_at" TIMESTAMPTZ,
  "details_json" JSONB NOT NULL DEFAULT '{}',
  "created_at" TIMESTAMPTZ NOT NULL DEFAULT NOW(),
  PRIMARY KEY ("id"))

CREATE INDEX IF NOT EXISTS "owner_memory_reembed_runs_tenant_started_idx" ON "${schema}"."owner_memory_reembed_runs" (tenant_id, started_at DESC)

CREATE TABLE IF NOT EXISTS "${schema}"."crm_conversations" (
  "conversation_id" UUID NOT NULL,
  "tenant_id" TEXT NOT NULL,
  "lead_id" UUID,
  "channel" TEXT NOT NULL,
  "status" TEXT NOT NULL,
  "metadata_json" JSONB NOT NULL DEFAULT '{}',
  "created_at" TIMESTAMPTZ NOT NULL,
  "updated_at" TIMESTAMPTZ NOT NULL,
  PRIMARY KEY ("conversation_id"))

CREATE TABLE IF NOT EXISTS "${schema}"."crm_messages" (
  "message_id" UUID NOT NULL,
  "tenant_id" TEXT NOT NULL,
  "conversation_id" UUID NOT NULL REFERENCES "${schema}"."crm_conversations" ("conversation_id"),
  "direction" TEXT NOT NULL,
  "body" TEXT NOT NULL,
  "metadata_json" JSONB NOT NULL DEFAULT '{}',
  "created_at" TIMESTAMPTZ NOT NULL,
  PRIMARY KEY ("message_id"))
