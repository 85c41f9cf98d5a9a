CREATE SEQUENCE "public"."attempt_epoch" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE TABLE "account" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"provider_id" text NOT NULL,
	"user_id" text NOT NULL,
	"access_token" text,
	"refresh_token" text,
	"id_token" text,
	"access_token_expires_at" timestamp with time zone,
	"refresh_token_expires_at" timestamp with time zone,
	"scope" text,
	"password" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rate_limit" (
	"id" text PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"count" integer NOT NULL,
	"last_request" text NOT NULL,
	CONSTRAINT "rate_limit_key_unique" UNIQUE("key")
);
--> statement-breakpoint
CREATE TABLE "session" (
	"id" text PRIMARY KEY NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"token" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ip_address" text,
	"user_agent" text,
	"user_id" text NOT NULL,
	"impersonated_by" text,
	CONSTRAINT "session_token_unique" UNIQUE("token")
);
--> statement-breakpoint
CREATE TABLE "setup_token" (
	"hash" text PRIMARY KEY NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "user" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"email" text NOT NULL,
	"email_verified" boolean DEFAULT false NOT NULL,
	"image" text,
	"role" text,
	"banned" boolean DEFAULT false,
	"ban_reason" text,
	"ban_expires" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "user_email_unique" UNIQUE("email")
);
--> statement-breakpoint
CREATE TABLE "verification" (
	"id" text PRIMARY KEY NOT NULL,
	"identifier" text NOT NULL,
	"value" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "attempt" (
	"id" text PRIMARY KEY NOT NULL,
	"cutover_id" text NOT NULL,
	"step_id" text NOT NULL,
	"verb" text NOT NULL,
	"no" integer NOT NULL,
	"state" text DEFAULT 'queued' NOT NULL,
	"epoch" integer DEFAULT nextval('attempt_epoch') NOT NULL,
	"service_key" text,
	"worker" text,
	"takeovers" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"requested_by" text,
	"press_id" text,
	"plan_digest" text,
	"plan_matched_at" timestamp with time zone,
	"basis" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"progress" jsonb,
	"error" jsonb,
	"queued_at" timestamp with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	"deadline_at" timestamp with time zone,
	"log_lines" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "attempt_log" (
	"attempt_id" text NOT NULL,
	"seq" integer NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"level" text NOT NULL,
	"stream" text NOT NULL,
	"text" text NOT NULL,
	CONSTRAINT "attempt_log_attempt_id_seq_pk" PRIMARY KEY("attempt_id","seq")
);
--> statement-breakpoint
CREATE TABLE "checkpoint" (
	"id" text PRIMARY KEY NOT NULL,
	"cutover_id" text NOT NULL,
	"step_id" text NOT NULL,
	"attempt_id" text NOT NULL,
	"key" text NOT NULL,
	"claim" text NOT NULL,
	"verdict" text NOT NULL,
	"evidence" jsonb NOT NULL,
	"digest" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "cutover" (
	"id" text PRIMARY KEY NOT NULL,
	"system" text NOT NULL,
	"source_id" text NOT NULL,
	"kind" text DEFAULT 'live' NOT NULL,
	"state" text DEFAULT 'planned' NOT NULL,
	"runbook_name" text NOT NULL,
	"runbook_digest" text NOT NULL,
	"runbook" jsonb NOT NULL,
	"fleet_digest" text NOT NULL,
	"fleet_entry" jsonb NOT NULL,
	"service_key" text NOT NULL,
	"t0" timestamp with time zone NOT NULL,
	"opened_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"opened_at" timestamp with time zone,
	"switched_at" timestamp with time zone,
	"frozen_ms" integer,
	"rolled_back_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	"outside_act_at" timestamp with time zone,
	"event_seq" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "cutover_event" (
	"cutover_id" text NOT NULL,
	"n" integer NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"kind" text NOT NULL,
	"step_id" text,
	"what" jsonb NOT NULL,
	CONSTRAINT "cutover_event_cutover_id_n_pk" PRIMARY KEY("cutover_id","n")
);
--> statement-breakpoint
CREATE TABLE "fact" (
	"cutover_id" text NOT NULL,
	"step_id" text NOT NULL,
	"name" text NOT NULL,
	"attempt_id" text NOT NULL,
	"value" jsonb NOT NULL,
	CONSTRAINT "fact_cutover_id_step_id_name_pk" PRIMARY KEY("cutover_id","step_id","name")
);
--> statement-breakpoint
CREATE TABLE "finding" (
	"cutover_id" text NOT NULL,
	"key" text NOT NULL,
	"step_id" text NOT NULL,
	"code" text NOT NULL,
	"table_name" text NOT NULL,
	"column_name" text,
	"count" bigint NOT NULL,
	"sample" jsonb NOT NULL,
	"message" text NOT NULL,
	"rules" jsonb NOT NULL,
	"blocking" integer DEFAULT 1 NOT NULL,
	"attempt_id" text NOT NULL,
	"rule" text,
	"rule_by" text,
	"rule_at" timestamp with time zone,
	CONSTRAINT "finding_cutover_id_key_pk" PRIMARY KEY("cutover_id","key")
);
--> statement-breakpoint
CREATE TABLE "plan" (
	"attempt_id" text PRIMARY KEY NOT NULL,
	"cutover_id" text NOT NULL,
	"step_id" text NOT NULL,
	"digest" text NOT NULL,
	"lines" jsonb NOT NULL,
	"loss" jsonb,
	"made_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "snapshot" (
	"id" text PRIMARY KEY NOT NULL,
	"system" text NOT NULL,
	"source_id" text NOT NULL,
	"cutover_id" text NOT NULL,
	"attempt_id" text NOT NULL,
	"kind" text NOT NULL,
	"path" text NOT NULL,
	"digest" text NOT NULL,
	"bytes" bigint NOT NULL,
	"manifest" jsonb NOT NULL,
	"taken_at" timestamp with time zone DEFAULT now() NOT NULL,
	"verified_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "step_state" (
	"cutover_id" text NOT NULL,
	"step_id" text NOT NULL,
	"name" text NOT NULL,
	"value" jsonb NOT NULL,
	CONSTRAINT "step_state_cutover_id_step_id_name_pk" PRIMARY KEY("cutover_id","step_id","name")
);
--> statement-breakpoint
CREATE TABLE "checklist_tick" (
	"cutover_id" text NOT NULL,
	"step_id" text NOT NULL,
	"item_id" text NOT NULL,
	"note" text NOT NULL,
	"by" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "checklist_tick_cutover_id_step_id_item_id_pk" PRIMARY KEY("cutover_id","step_id","item_id")
);
--> statement-breakpoint
CREATE TABLE "command" (
	"key" text PRIMARY KEY NOT NULL,
	"verb" text NOT NULL,
	"actor" text NOT NULL,
	"result" jsonb,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "note" (
	"id" text PRIMARY KEY NOT NULL,
	"cutover_id" text NOT NULL,
	"step_id" text,
	"text" text NOT NULL,
	"by" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "override" (
	"id" text PRIMARY KEY NOT NULL,
	"cutover_id" text NOT NULL,
	"step_id" text NOT NULL,
	"attempt_id" text,
	"reason" text NOT NULL,
	"by" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"confirmed_by" text,
	"confirmed_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "review_look" (
	"cutover_id" text NOT NULL,
	"step_id" text NOT NULL,
	"by" text NOT NULL,
	"parts" jsonb NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "review_look_cutover_id_step_id_by_pk" PRIMARY KEY("cutover_id","step_id","by")
);
--> statement-breakpoint
CREATE TABLE "second_person" (
	"id" text PRIMARY KEY NOT NULL,
	"cutover_id" text NOT NULL,
	"act" text NOT NULL,
	"plan_digest" text NOT NULL,
	"by" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sign_off" (
	"id" text PRIMARY KEY NOT NULL,
	"cutover_id" text NOT NULL,
	"step_id" text NOT NULL,
	"decision" text NOT NULL,
	"reason" text,
	"fingerprint" text NOT NULL,
	"parts" jsonb NOT NULL,
	"by" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_checkpoint" (
	"n" integer PRIMARY KEY NOT NULL,
	"hash" text NOT NULL,
	"key_id" text NOT NULL,
	"signature" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_entry" (
	"n" integer PRIMARY KEY NOT NULL,
	"body" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"actor" text NOT NULL,
	"actor_role" text NOT NULL,
	"act" text NOT NULL,
	"system" text,
	"source_id" text,
	"cutover_id" text,
	"summary" text NOT NULL,
	"previous" text NOT NULL,
	"hash" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "control" (
	"id" integer PRIMARY KEY NOT NULL,
	"instance" text NOT NULL,
	"schema_level" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "profile_poll" (
	"system" text NOT NULL,
	"source_id" text NOT NULL,
	"next_at" timestamp with time zone DEFAULT now() NOT NULL,
	"every_seconds" integer DEFAULT 5 NOT NULL,
	CONSTRAINT "profile_poll_system_source_id_pk" PRIMARY KEY("system","source_id")
);
--> statement-breakpoint
CREATE TABLE "profile_reading" (
	"system" text NOT NULL,
	"source_id" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"observed" text,
	"healthy" boolean NOT NULL,
	"latency_ms" double precision,
	CONSTRAINT "profile_reading_system_source_id_at_pk" PRIMARY KEY("system","source_id","at")
);
--> statement-breakpoint
CREATE TABLE "profile_state" (
	"system" text NOT NULL,
	"source_id" text NOT NULL,
	"declared" text,
	"observed" text,
	"healthy" boolean,
	"latency_ms" double precision,
	"cause" text,
	"error" jsonb,
	"read_at" timestamp with time zone NOT NULL,
	"drift_since" timestamp with time zone,
	"instances" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"source_bytes" bigint,
	"target_bytes" bigint,
	"counts" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"counted_at" timestamp with time zone,
	"registry" jsonb,
	CONSTRAINT "profile_state_system_source_id_pk" PRIMARY KEY("system","source_id")
);
--> statement-breakpoint
CREATE TABLE "worker" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"host" text NOT NULL,
	"pid" integer NOT NULL,
	"engine_ref" text,
	"started_at" timestamp with time zone DEFAULT now() NOT NULL,
	"beat" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "account" ADD CONSTRAINT "account_user_id_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."user"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "session" ADD CONSTRAINT "session_user_id_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."user"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "attempt" ADD CONSTRAINT "attempt_cutover_id_cutover_id_fk" FOREIGN KEY ("cutover_id") REFERENCES "public"."cutover"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "attempt" ADD CONSTRAINT "attempt_requested_by_user_id_fk" FOREIGN KEY ("requested_by") REFERENCES "public"."user"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "attempt_log" ADD CONSTRAINT "attempt_log_attempt_id_attempt_id_fk" FOREIGN KEY ("attempt_id") REFERENCES "public"."attempt"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "checkpoint" ADD CONSTRAINT "checkpoint_cutover_id_cutover_id_fk" FOREIGN KEY ("cutover_id") REFERENCES "public"."cutover"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "checkpoint" ADD CONSTRAINT "checkpoint_attempt_id_attempt_id_fk" FOREIGN KEY ("attempt_id") REFERENCES "public"."attempt"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cutover" ADD CONSTRAINT "cutover_opened_by_user_id_fk" FOREIGN KEY ("opened_by") REFERENCES "public"."user"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cutover_event" ADD CONSTRAINT "cutover_event_cutover_id_cutover_id_fk" FOREIGN KEY ("cutover_id") REFERENCES "public"."cutover"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "fact" ADD CONSTRAINT "fact_cutover_id_cutover_id_fk" FOREIGN KEY ("cutover_id") REFERENCES "public"."cutover"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "fact" ADD CONSTRAINT "fact_attempt_id_attempt_id_fk" FOREIGN KEY ("attempt_id") REFERENCES "public"."attempt"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "finding" ADD CONSTRAINT "finding_cutover_id_cutover_id_fk" FOREIGN KEY ("cutover_id") REFERENCES "public"."cutover"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "finding" ADD CONSTRAINT "finding_attempt_id_attempt_id_fk" FOREIGN KEY ("attempt_id") REFERENCES "public"."attempt"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "finding" ADD CONSTRAINT "finding_rule_by_user_id_fk" FOREIGN KEY ("rule_by") REFERENCES "public"."user"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plan" ADD CONSTRAINT "plan_attempt_id_attempt_id_fk" FOREIGN KEY ("attempt_id") REFERENCES "public"."attempt"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "plan" ADD CONSTRAINT "plan_cutover_id_cutover_id_fk" FOREIGN KEY ("cutover_id") REFERENCES "public"."cutover"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "snapshot" ADD CONSTRAINT "snapshot_cutover_id_cutover_id_fk" FOREIGN KEY ("cutover_id") REFERENCES "public"."cutover"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "snapshot" ADD CONSTRAINT "snapshot_attempt_id_attempt_id_fk" FOREIGN KEY ("attempt_id") REFERENCES "public"."attempt"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "step_state" ADD CONSTRAINT "step_state_cutover_id_cutover_id_fk" FOREIGN KEY ("cutover_id") REFERENCES "public"."cutover"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "checklist_tick" ADD CONSTRAINT "checklist_tick_cutover_id_cutover_id_fk" FOREIGN KEY ("cutover_id") REFERENCES "public"."cutover"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "checklist_tick" ADD CONSTRAINT "checklist_tick_by_user_id_fk" FOREIGN KEY ("by") REFERENCES "public"."user"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "command" ADD CONSTRAINT "command_actor_user_id_fk" FOREIGN KEY ("actor") REFERENCES "public"."user"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "note" ADD CONSTRAINT "note_cutover_id_cutover_id_fk" FOREIGN KEY ("cutover_id") REFERENCES "public"."cutover"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "note" ADD CONSTRAINT "note_by_user_id_fk" FOREIGN KEY ("by") REFERENCES "public"."user"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "override" ADD CONSTRAINT "override_cutover_id_cutover_id_fk" FOREIGN KEY ("cutover_id") REFERENCES "public"."cutover"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "override" ADD CONSTRAINT "override_by_user_id_fk" FOREIGN KEY ("by") REFERENCES "public"."user"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "override" ADD CONSTRAINT "override_confirmed_by_user_id_fk" FOREIGN KEY ("confirmed_by") REFERENCES "public"."user"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "review_look" ADD CONSTRAINT "review_look_cutover_id_cutover_id_fk" FOREIGN KEY ("cutover_id") REFERENCES "public"."cutover"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "review_look" ADD CONSTRAINT "review_look_by_user_id_fk" FOREIGN KEY ("by") REFERENCES "public"."user"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "second_person" ADD CONSTRAINT "second_person_cutover_id_cutover_id_fk" FOREIGN KEY ("cutover_id") REFERENCES "public"."cutover"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "second_person" ADD CONSTRAINT "second_person_by_user_id_fk" FOREIGN KEY ("by") REFERENCES "public"."user"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sign_off" ADD CONSTRAINT "sign_off_cutover_id_cutover_id_fk" FOREIGN KEY ("cutover_id") REFERENCES "public"."cutover"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sign_off" ADD CONSTRAINT "sign_off_by_user_id_fk" FOREIGN KEY ("by") REFERENCES "public"."user"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "attempt_one_running_per_service" ON "attempt" USING btree ("service_key") WHERE state in ('running','checking','cancelling') and service_key is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "attempt_one_live_per_step" ON "attempt" USING btree ("cutover_id","step_id") WHERE state in ('queued','running','checking','cancelling');--> statement-breakpoint
CREATE UNIQUE INDEX "attempt_no" ON "attempt" USING btree ("cutover_id","step_id","verb","no");--> statement-breakpoint
CREATE INDEX "attempt_live" ON "attempt" USING btree ("state") WHERE state in ('queued','running','checking','cancelling');--> statement-breakpoint
CREATE INDEX "checkpoint_step" ON "checkpoint" USING btree ("cutover_id","step_id");--> statement-breakpoint
CREATE UNIQUE INDEX "cutover_one_open_per_profile" ON "cutover" USING btree ("system","source_id") WHERE state in ('planned','open','switched','rolled_back');--> statement-breakpoint
CREATE INDEX "plan_step" ON "plan" USING btree ("cutover_id","step_id");--> statement-breakpoint
CREATE UNIQUE INDEX "second_person_once" ON "second_person" USING btree ("cutover_id","act","plan_digest","by");--> statement-breakpoint
CREATE INDEX "sign_off_step" ON "sign_off" USING btree ("cutover_id","step_id");--> statement-breakpoint
CREATE INDEX "profile_poll_due" ON "profile_poll" USING btree ("next_at");