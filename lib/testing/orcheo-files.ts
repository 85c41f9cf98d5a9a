import Database from 'better-sqlite3';
import { join } from 'node:path';

const ids = (from: number, to: number): string =>
  `with recursive c(i) as (select ${from} union all select i + 1 from c where i < ${to})`;

const workflows = `
create table workflows (id text primary key, name text not null, handle text unique, is_archived integer not null default 0, created_at text not null);
create table workflow_versions (id text primary key, workflow_id text not null references workflows (id), version integer not null, graph text not null, unique (workflow_id, version));
create table workflow_runs (id text primary key, version_id text not null references workflow_versions (id), status text not null, input text, started_at text);
create table webhook_triggers (workflow_id text primary key references workflows (id), config text not null);
create table cron_triggers (workflow_id text primary key references workflows (id), config text not null, last_dispatched_at text);
create table retry_policies (workflow_id text primary key references workflows (id), config text not null);
create table execution_history (execution_id text primary key, workflow_id text not null references workflows (id), status text not null);
create table execution_history_steps (execution_id text not null references execution_history (execution_id), step_index integer not null, payload text, primary key (execution_id, step_index));
create table agentensor_checkpoints (id text primary key, workflow_id text not null references workflows (id), score real, blob_value blob, is_best integer not null default 0);
create index idx_runs_version on workflow_runs (version_id);
create view archived as select * from workflows where is_archived = 1;
create table listener_subscriptions (id text primary key, workflow_id text not null references workflows (id));
${ids(1, 40)} insert into workflows select 'w' || i, 'Workflow ' || i, case when i % 3 then 'handle-' || i end, i % 2, '2026-01-02T03:04:05Z' from c;
${ids(1, 40)} insert into workflow_versions select 'v' || i, 'w' || i, 1, '{"nodes":[' || i || ']}' from c;
${ids(1, 300)} insert into workflow_runs select 'r' || i, 'v' || (i % 40 + 1), 'done', '{"n": ' || i || '}', null from c;
insert into webhook_triggers values ('w1', '{"a":1}'); insert into cron_triggers values ('w2', '{"c":"* * * * *"}', '2026-03-01T00:00:00Z');
insert into retry_policies values ('w3', '{}'); insert into execution_history values ('e1', 'w1', 'ok');
${ids(0, 60)} insert into execution_history_steps select 'e1', i, '{"i":' || i || '}' from c;
insert into agentensor_checkpoints values ('c1', 'w1', -0.0, x'00ff00', 1), ('c2', 'w1', 1e308, null, 0), ('c3', 'w2', 0.1, x'', 0);
insert into listener_subscriptions values ('l1', 'w1');`;

const chatkit = `
create table chat_messages (id text primary key, thread_id text not null references chat_threads (id), body text not null);
create table chat_threads (id text primary key, title text);
create table chat_attachments (id text primary key, message_id text not null references chat_messages (id), data blob);
${ids(1, 20)} insert into chat_threads select 't' || i, case when i % 2 then '' end from c;
${ids(1, 500)} insert into chat_messages select 'm' || i, 't' || (i % 20 + 1), 'Grüße 🎉 ' || i from c;
insert into chat_attachments values ('a1', 'm1', randomblob(100));`;

const tokens = `
create table service_tokens (identifier text primary key, secret_hash text not null, rotated_to text references service_tokens (identifier), uses integer not null);
create table service_token_audit_log (id integer primary key autoincrement, token text references service_tokens (identifier), action text not null);
insert into service_tokens values ('new', 'h2', null, 9223372036854775807), ('mid', 'h1', 'new', -9007199254740993), ('old', 'h0', 'mid', 0);
${ids(1, 30)} insert into service_token_audit_log (token, action) select 'old', 'use ' || i from c;
delete from service_token_audit_log where id > 20;`;

/** Three files shaped like Orcheo's: 15 tables, children before their parents in the alphabet, a token that refers to another. */
export function makeOrcheo(dir: string): Record<'workflows' | 'chatkit' | 'tokens', string> {
  const made = {} as Record<'workflows' | 'chatkit' | 'tokens', string>;
  for (const [name, sql] of Object.entries({ workflows, chatkit, tokens })) {
    const path = join(dir, `${name}.sqlite`);
    const db = new Database(path);
    db.pragma('foreign_keys = OFF');
    db.exec(sql);
    db.close();
    made[name as keyof typeof made] = path;
  }
  return made;
}
