ALTER TABLE "cutover" ADD COLUMN "reminded_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "cutover" ADD COLUMN "reminded_by" text;--> statement-breakpoint
ALTER TABLE "cutover" ADD COLUMN "reminded_step" text;--> statement-breakpoint
ALTER TABLE "cutover" ADD CONSTRAINT "cutover_reminded_by_user_id_fk" FOREIGN KEY ("reminded_by") REFERENCES "public"."user"("id") ON DELETE no action ON UPDATE no action;