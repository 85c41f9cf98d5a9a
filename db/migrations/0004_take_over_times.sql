CREATE TABLE "gone_worker" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"host" text NOT NULL,
	"pid" integer NOT NULL,
	"last_beat" timestamp with time zone NOT NULL,
	"gone_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "attempt" ADD COLUMN "claimed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "cutover" ADD COLUMN "switch_group" text;--> statement-breakpoint
ALTER TABLE "snapshot" ADD COLUMN "deleted_at" timestamp with time zone;