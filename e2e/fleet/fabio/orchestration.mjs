import { randomUUID } from 'node:crypto';
import { HttpError } from '../parts/errors.mjs';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const OPERATIONS = ['send_message', 'toggle_continuous_mode', 'avatar_config_upsert'];
const CHANNELS = ['ui-chat', 'ui-avatar'];
const KNOWN = ['request_id', 'tenant_id', 'session_id', 'operation', 'channel', 'payload', 'metadata'];

const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);

/** @throws HttpError 400 `validation_error` with what is wrong, field by field */
function readRequest(body) {
  const details = [];
  const complain = (field, message) => details.push({ field, message });
  for (const key of Object.keys(body)) if (key !== 'request') complain(key, 'is not allowed');
  const request = body.request;
  if (!isObject(request)) complain('request', 'is required');
  else {
    for (const key of Object.keys(request)) if (!KNOWN.includes(key)) complain(`request.${key}`, 'is not allowed');
    for (const key of ['request_id', 'session_id'])
      if (!UUID.test(request[key] ?? '')) complain(`request.${key}`, 'must be a UUID');
    if (typeof request.tenant_id !== 'string' || request.tenant_id === '') complain('request.tenant_id', 'is required');
    if (!OPERATIONS.includes(request.operation))
      complain('request.operation', `must be one of ${OPERATIONS.join(', ')}`);
    if (!CHANNELS.includes(request.channel)) complain('request.channel', `must be one of ${CHANNELS.join(', ')}`);
    if (!isObject(request.payload)) complain('request.payload', 'is required');
    else if (request.operation === 'send_message' && typeof request.payload.text !== 'string')
      complain('request.payload.text', 'is required');
  }
  if (details.length > 0)
    throw Object.assign(new HttpError(400, 'validation_error'), { body: { error: 'validation_error', details } });
  return request;
}

/** Which module a text is for, and whether its task will fail in the worker. */
function routeText(text) {
  const has = (...words) => words.some((word) => text.toLowerCase().includes(word));
  const module = has('agenda', 'reuniao')
    ? 'agenda'
    : has('cobranca', 'fatura')
      ? 'billing'
      : has('cliente', 'cadastro')
        ? 'customers'
        : 'owner-concierge';
  return { module, simulateFailure: has('falha', 'erro', 'fail') };
}

const makeEvent = (name, command, payload = {}) => ({
  event_id: randomUUID(),
  name,
  tenant_id: command.tenant_id,
  correlation_id: command.correlation_id,
  trace_id: command.trace_id,
  emitted_at: new Date().toISOString(),
  payload,
});

const makeCommand = (name, request, ids, payload) => ({
  name,
  command_id: randomUUID(),
  tenant_id: request.tenant_id,
  ...ids,
  created_at: new Date().toISOString(),
  payload,
});

/** Says what the owner asked for, as commands and events, and puts a task for its module in the queue. */
export async function interact({ store, files, body }) {
  const request = readRequest(body);
  const ids = { correlation_id: randomUUID(), trace_id: randomUUID().replaceAll('-', '') };
  const owner = makeCommand('owner.command.create', request, ids, {
    operation: request.operation,
    request_id: request.request_id,
    ...request.payload,
  });
  await store.append('orchestration_commands', owner);
  await store.append('orchestration_events', makeEvent('owner.command.created', owner));
  // TRAP kept: sessions and episodes go to files under either backend.
  const session = {
    session_id: request.session_id,
    tenant_id: request.tenant_id,
    updated_at: owner.created_at,
    last_operation: request.operation,
  };
  files.put('owner_short_memory', request.session_id, session);
  const tasks = request.operation === 'send_message' ? [await createTask(store, request, ids, owner)] : [];
  return {
    response: {
      request_id: request.request_id,
      status: 'accepted',
      owner_command: { command_id: owner.command_id, correlation_id: owner.correlation_id, name: owner.name },
      session_state: session,
      avatar_state: { enabled: request.channel === 'ui-avatar' },
      assistant_output: { text: tasks.length > 0 ? `Tarefa criada para ${tasks[0].module}.` : 'Ok.' },
      policy_decision: { decision: 'allow', reason_code: 'default' },
      execution_receipts: [],
      downstream_tasks: tasks,
    },
  };
}

async function createTask(store, request, ids, owner) {
  const { module, simulateFailure } = routeText(request.payload.text);
  const taskId = randomUUID();
  const command = makeCommand('module.task.create', request, ids, {
    task_id: taskId,
    module,
    text: request.payload.text,
    parent_command_id: owner.command_id,
  });
  await store.append('orchestration_commands', command);
  await store.append('orchestration_events', makeEvent('module.task.created', command, { task_id: taskId, module }));
  const now = new Date().toISOString();
  const item = {
    queue_item_id: randomUUID(),
    status: 'pending',
    enqueued_at: now,
    started_at: null,
    finished_at: null,
    updated_at: now,
    simulate_failure: simulateFailure,
    command,
  };
  await store.enqueue(item);
  return { task_id: taskId, module, status: 'queued', queue_item_id: item.queue_item_id };
}

/** Works off waiting tasks, one after the other. */
export async function drain({ store, body }) {
  const limit = body.limit ?? 1;
  if (!Number.isInteger(limit) || limit < 1 || limit > 100)
    throw Object.assign(new HttpError(400, 'validation_error'), {
      body: { error: 'validation_error', details: [{ field: 'limit', message: 'must be 1 to 100' }] },
    });
  const processed = [];
  while (processed.length < limit) {
    const item = await store.claim(new Date().toISOString());
    if (!item) break;
    const { command } = item;
    await store.append(
      'orchestration_events',
      makeEvent('module.task.accepted', command, { task_id: command.payload.task_id }),
    );
    const failed = item.simulate_failure;
    const finished = {
      ...item,
      status: failed ? 'failed' : 'completed',
      finished_at: new Date().toISOString(),
      ...(failed ? { error_code: 'simulated_failure' } : { result_summary: `done by ${command.payload.module}` }),
    };
    finished.updated_at = finished.finished_at;
    await store.finish(finished);
    await store.append(
      'orchestration_events',
      makeEvent(failed ? 'module.task.failed' : 'module.task.completed', command, { task_id: command.payload.task_id }),
    );
    processed.push({
      queue_item_id: item.queue_item_id,
      task_id: command.payload.task_id,
      correlation_id: command.correlation_id,
      status: finished.status,
    });
  }
  const count = (status) => processed.filter((task) => task.status === status).length;
  return {
    processed_count: processed.length,
    succeeded_count: count('completed'),
    failed_count: count('failed'),
    processed,
  };
}

export async function trace({ store, query }) {
  const id = query.get('correlation_id');
  if (!id)
    throw Object.assign(new HttpError(400, 'missing_correlation_id'), { body: { error: 'missing_correlation_id' } });
  return {
    correlation_id: id,
    commands: await store.trace('orchestration_commands', id),
    events: await store.trace('orchestration_events', id),
  };
}
