-- The audit chain takes new entries only.
create function audit_entry_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'audit_entry is append-only: % refused', tg_op using errcode = 'restrict_violation';
end $$;
--> statement-breakpoint
create trigger audit_entry_no_change before update or delete on "audit_entry"
  for each row execute function audit_entry_append_only();
--> statement-breakpoint
create trigger audit_entry_no_truncate before truncate on "audit_entry"
  for each statement execute function audit_entry_append_only();
--> statement-breakpoint
-- Nobody signs what they operated: whatever the application asks for.
create function sign_off_not_own_work() returns trigger language plpgsql as $$
begin
  if exists (select 1 from attempt where cutover_id = new.cutover_id and requested_by = new."by") then
    raise exception 'own work: % requested an attempt of this cutover', new."by" using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger sign_off_not_own_work before insert or update on "sign_off"
  for each row execute function sign_off_not_own_work();
--> statement-breakpoint
-- And nobody operates what they signed. A rollback stays open to everyone who may press it.
create function attempt_not_own_sign_off() returns trigger language plpgsql as $$
begin
  if new.requested_by is not null and coalesce(new.press_id, '') not like 'rollback:%'
     and exists (select 1 from sign_off where cutover_id = new.cutover_id and "by" = new.requested_by and decision = 'signed') then
    raise exception 'own work: % signed this cutover', new.requested_by using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger attempt_not_own_sign_off before insert on "attempt"
  for each row execute function attempt_not_own_sign_off();
--> statement-breakpoint
-- A decision, once recorded, is not rewritten.
create function sign_off_is_final() returns trigger language plpgsql as $$
begin
  raise exception 'sign_off is final: % refused', tg_op using errcode = 'restrict_violation';
end $$;
--> statement-breakpoint
create trigger sign_off_is_final before update or delete on "sign_off"
  for each row execute function sign_off_is_final();
