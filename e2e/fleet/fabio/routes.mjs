import { HttpError } from '../parts/errors.mjs';
import { ALL_TABLES, STAYS_ON_FILES } from './ddl.mjs';
import { drain, interact, trace } from './orchestration.mjs';

/** Path of a collection → its table. */
const COLLECTIONS = {
  '/v1/customers': 'customers',
  '/v1/agenda/appointments': 'agenda_appointments',
  '/v1/agenda/reminders': 'agenda_reminders',
  '/v1/billing/charges': 'billing_charges',
  '/v1/billing/payments': 'billing_payments',
  '/v1/crm/leads': 'crm_leads',
  '/v1/crm/campaigns': 'crm_campaigns',
  '/v1/crm/followups': 'crm_followups',
  '/v1/crm/accounts': 'crm_accounts',
  '/v1/crm/contacts': 'crm_contacts',
  '/v1/crm/deals': 'crm_deals',
  '/v1/crm/activities': 'crm_activities',
  '/v1/crm/tasks': 'crm_tasks',
  '/v1/crm/views': 'crm_views',
  '/v1/crm/conversations': 'crm_conversations',
  '/v1/crm/messages': 'crm_messages',
  '/v1/owner-concierge/memory/entries': 'owner_memory_entries',
  '/v1/owner-concierge/memory/promotions': 'owner_context_promotions',
  '/v1/owner-concierge/memory/reembed/schedules': 'owner_memory_reembed_schedules',
  '/internal/orchestration/commands': 'orchestration_commands',
  '/internal/orchestration/events': 'orchestration_events',
  '/internal/orchestration/module-task-queue': 'orchestration_module_task_queue',
  '/internal/orchestration/task-confirmations': 'orchestration_task_confirmations',
};

const STORES_IN_HEALTH = {
  customers: 'customers',
  agenda: 'agenda_appointments',
  billing: 'billing_charges',
  crm: 'crm_leads',
  crm_automation: 'crm_campaigns',
  crm_core: 'crm_accounts',
  crm_conversations: 'crm_conversations',
  owner_memory: 'owner_memory_entries',
  owner_memory_maintenance: 'owner_memory_reembed_schedules',
};

async function showHealth({ store, files }) {
  await store.ping();
  const orchestration = store.describe('orchestration_commands');
  const inFolder = (name) => (orchestration.storage_dir ? `${orchestration.storage_dir}/${name}` : null);
  return {
    status: 'ok',
    service: 'app-platform-api',
    orchestration: {
      ...orchestration,
      queue_file: inFolder('module-task-queue.json'),
      policy_path: inFolder('policy.json'),
    },
    ...Object.fromEntries(Object.entries(STORES_IN_HEALTH).map(([name, table]) => [name, store.describe(table)])),
    // TRAP kept: these say file even after a cutover, because they are.
    ...Object.fromEntries(Object.keys(STAYS_ON_FILES).map((domain) => [domain, files.describe(domain)])),
  };
}

function listOf(name) {
  return async ({ store, query }) => {
    const limit = Number(query.get('limit') ?? 50);
    if (!Number.isInteger(limit) || limit < 1 || limit > 500) throw new HttpError(400, 'validation_error');
    return store.list(name, { tenant: query.get('tenant_id'), limit });
  };
}

async function findRecord(store, name, id) {
  const record = await store.find(name, id);
  if (!record) throw new HttpError(404, 'not_found');
  return record;
}

/** Puts a whole record under its id; sending it again changes nothing. */
function putOf(name) {
  const { identity, columns } = ALL_TABLES[name];
  const stamps = columns.filter((c) => ['created_at', 'updated_at'].includes(c.name)).map((c) => c.name);
  return async ({ store, params, body }) => {
    const known = await store.find(name, params.id);
    const now = new Date().toISOString();
    const record = { ...known, ...body, [identity]: params.id };
    for (const stamp of stamps) record[stamp] = stamp === 'created_at' ? (known?.created_at ?? now) : now;
    await store.put(name, record);
    return { item: await findRecord(store, name, params.id) };
  };
}

const removeOf =
  (name) =>
  async ({ store, params }) => {
    await findRecord(store, name, params.id);
    await store.remove(name, params.id);
    return { removed: params.id };
  };

const runtimeConfig = {
  read: async ({ files, query }) => ({
    tenant_id: query.get('tenant_id'),
    config: files.read('tenant_runtime_config')[query.get('tenant_id')] ?? null,
  }),
  write: async ({ files, body }) => {
    if (typeof body.tenant_id !== 'string') throw new HttpError(400, 'validation_error');
    files.put('tenant_runtime_config', body.tenant_id, body.config ?? {});
    return { tenant_id: body.tenant_id, config: body.config ?? {} };
  },
};

export const ROUTES = [
  ['GET', '/health', showHealth],
  ['POST', '/v1/owner-concierge/interaction', interact],
  ['POST', '/internal/worker/module-tasks/drain', drain],
  ['GET', '/internal/orchestration/trace', trace],
  ['GET', '/v1/owner-concierge/runtime-config', runtimeConfig.read],
  ['POST', '/v1/owner-concierge/runtime-config', runtimeConfig.write],
  ...Object.entries(COLLECTIONS).map(([path, name]) => ['GET', path, listOf(name)]),
  ...Object.entries(COLLECTIONS)
    .filter(([path]) => path.startsWith('/v1/'))
    .flatMap(([path, name]) => [
      ['GET', `${path}/:id`, async ({ store, params }) => ({ item: await findRecord(store, name, params.id) })],
      ['PUT', `${path}/:id`, putOf(name)],
      ['DELETE', `${path}/:id`, removeOf(name)],
    ]),
].map(([method, path, handle]) => ({ method, path, handle }));
