ALTER TABLE "sign_off" ADD COLUMN "role" text;--> statement-breakpoint
ALTER TABLE "sign_off" ADD COLUMN "several_roles" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "sign_off" ADD COLUMN "approval_reference" text;--> statement-breakpoint
-- One person decides for one role of a step, unless its runbook lets one take several: whatever the application asks for.
create function sign_off_one_role_each() returns trigger language plpgsql as $$
begin
  if new.role is not null and not new.several_roles and exists (
    select 1 from sign_off
    where cutover_id = new.cutover_id and step_id = new.step_id and "by" = new."by" and role is distinct from new.role
  ) then
    raise exception 'one role each: % decided for another role of %', new."by", new.step_id using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger sign_off_one_role_each before insert on "sign_off"
  for each row execute function sign_off_one_role_each();
