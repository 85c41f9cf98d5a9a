import { randomUUID } from 'node:crypto';
import { mayRetry, openUserWalk } from '../parts/user-walk.mjs';

/** A customer under an id of the user's own, whole, so that a retry never doubles it; every third turn an owner speaks. */
function nextWrite(ids, turn) {
  const value = `visto ${new Date().toISOString()} ${randomUUID().slice(0, 8)} ✓`;
  const customer_id = ids[turn % ids.length];
  return {
    path: `/v1/customers/${customer_id}`,
    body: {
      tenant_id: 'tenant-demo',
      display_name: value,
      primary_phone: null,
      primary_email: null,
      origin: 'demo',
      status: 'active',
      external_key: null,
      metadata: { turn },
    },
    table: 'customers',
    key: { customer_id },
    column: 'display_name',
    value,
  };
}

const interaction = () => ({
  request: {
    request_id: randomUUID(),
    tenant_id: 'tenant-demo',
    session_id: randomUUID(),
    operation: 'send_message',
    channel: 'ui-chat',
    payload: { text: 'marcar reuniao na agenda' },
  },
});

/** Speaks once and has the task done; a turned-away attempt is simply not made again, because an interaction has no id to repeat. */
async function speak(call, record) {
  const path = '/v1/owner-concierge/interaction';
  const said = await call('POST', path, interaction());
  if (said.status === 200) {
    const { command_id } = said.json.response.owner_command;
    record.acknowledge(
      { table: 'orchestration_commands', key: { command_id }, column: 'name', value: 'owner.command.create' },
      said.requestId,
    );
    await call('POST', '/internal/worker/module-tasks/drain', { limit: 5 });
  } else if (!mayRetry(said)) record.fail({ kind: 'write', path, status: said.status });
}

/** One store's users as one endless walk: a read, a write, a pause; one at a time. @param options as of openUserWalk */
export async function runUser(options) {
  const { record, signal } = options;
  const { call, read, write, pause } = openUserWalk(options);
  const ids = Array.from({ length: 20 }, () => randomUUID());
  for (let turn = 0; !signal.aborted; turn += 1) {
    await read(turn % 2 ? '/v1/customers?limit=20' : '/v1/billing/charges?limit=20');
    await pause();
    if (signal.aborted) break;
    if (turn % 3 === 2) await speak(call, record);
    else await write(nextWrite(ids, turn));
    await pause();
  }
}
