CREATE TABLE "stored_profile" (
	"system" text NOT NULL,
	"source_id" text NOT NULL,
	"entry" jsonb NOT NULL,
	"added_by" text NOT NULL,
	"added_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "stored_profile_system_source_id_pk" PRIMARY KEY("system","source_id")
);
