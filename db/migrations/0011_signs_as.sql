ALTER TABLE "user" ADD COLUMN "signs_as" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
-- Who has decided for a role keeps it.
update "user" set signs_as = held.roles from (
  select "by", jsonb_agg(distinct role) as roles from sign_off where role is not null group by "by"
) held where held."by" = "user".id;
--> statement-breakpoint
-- A person decides only for roles that an admin gave them: whatever the application asks for.
create function sign_off_given_role() returns trigger language plpgsql as $$
begin
  if new.role is not null and not exists (select 1 from "user" where id = new."by" and signs_as ? new.role) then
    raise exception 'not given: % may not decide as %', new."by", new.role using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger sign_off_given_role before insert on "sign_off"
  for each row execute function sign_off_given_role();
