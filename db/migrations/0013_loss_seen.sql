ALTER TABLE "second_person" ADD COLUMN "loss" text;--> statement-breakpoint
ALTER TABLE "second_person" ADD COLUMN "loss_read_at" timestamp with time zone;