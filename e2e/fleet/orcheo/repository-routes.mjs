import { randomUUID } from 'node:crypto';
import { HttpError } from '../parts/errors.mjs';
import { findWorkflow, readText } from './find-workflow.mjs';
import { nowTime, readBool, readJson, readTime } from './values.mjs';

const showWorkflow = (row) => ({
  ...readJson(row.payload),
  id: row.id,
  handle: row.handle,
  is_archived: readBool(row.is_archived),
  created_at: readTime(row.created_at),
  updated_at: readTime(row.updated_at),
});

const showRun = (row) => ({
  ...readJson(row.payload),
  id: row.id,
  workflow_id: row.workflow_id,
  workflow_version_id: row.workflow_version_id,
  status: row.status,
  triggered_by: row.triggered_by,
  created_at: readTime(row.created_at),
  updated_at: readTime(row.updated_at),
});

const readLimit = (query) => {
  const limit = Number(query.get('limit') ?? 50);
  if (!Number.isInteger(limit) || limit < 1 || limit > 500) throw new HttpError(422, 'limit must be 1 to 500');
  return limit;
};

async function listWorkflows({ stores, query }) {
  const archived = query.get('include_archived') === 'true';
  const where = archived ? '' : 'WHERE is_archived = ?';
  const rows = await stores.repository.all(`SELECT * FROM workflows ${where} ORDER BY updated_at DESC, id LIMIT ?`, [
    ...(archived ? [] : [false]),
    readLimit(query),
  ]);
  const total = await stores.repository.one(`SELECT count(*) AS n FROM workflows ${where}`, archived ? [] : [false]);
  return { workflows: rows.map(showWorkflow), total: total.n };
}

async function createWorkflow({ stores, body }) {
  const [id, now] = [randomUUID(), nowTime()];
  const name = readText(body, 'name', { required: true });
  const payload = JSON.stringify({ name, description: readText(body, 'description') ?? '', tags: body.tags ?? [] });
  await stores.repository.run(
    'INSERT INTO workflows (id, handle, is_archived, payload, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)',
    [id, readText(body, 'handle') ?? null, false, payload, now, now],
  );
  return showWorkflow(await findWorkflow(stores.repository, id));
}

async function updateWorkflow({ stores, params, body }) {
  const row = await findWorkflow(stores.repository, params.id);
  const payload = { ...readJson(row.payload) };
  for (const name of ['name', 'description']) payload[name] = readText(body, name) ?? payload[name];
  await stores.repository.run(
    'UPDATE workflows SET payload = ?, handle = ?, is_archived = ?, updated_at = ? WHERE id = ?',
    [
      JSON.stringify(payload),
      readText(body, 'handle') ?? row.handle,
      typeof body.is_archived === 'boolean' ? body.is_archived : readBool(row.is_archived),
      nowTime(),
      row.id,
    ],
  );
  return showWorkflow(await findWorkflow(stores.repository, row.id));
}

/** Archives it; with `permanent=true` its row goes, where nothing refers to it. */
async function archiveWorkflow({ stores, params, query }) {
  const row = await findWorkflow(stores.repository, params.id);
  if (query.get('permanent') === 'true') {
    const versions = 'SELECT id FROM workflow_versions WHERE workflow_id = ? LIMIT 1';
    if (await stores.repository.one(versions, [row.id])) throw new HttpError(409, 'Workflow has versions');
    await stores.repository.run('DELETE FROM workflows WHERE id = ?', [row.id]);
    return { deleted: row.id };
  }
  await stores.repository.run('UPDATE workflows SET is_archived = ?, updated_at = ? WHERE id = ?', [
    true,
    nowTime(),
    row.id,
  ]);
  return { archived: row.id };
}

async function listVersions({ stores, params }) {
  const workflow = await findWorkflow(stores.repository, params.id);
  const rows = await stores.repository.all('SELECT * FROM workflow_versions WHERE workflow_id = ? ORDER BY version', [
    workflow.id,
  ]);
  return {
    versions: rows.map((row) => ({
      ...readJson(row.payload),
      id: row.id,
      version: row.version,
      created_at: readTime(row.created_at),
    })),
  };
}

/** Starts a run that ends at once: a run row, its history with two steps, and the thread's checkpoint on its own surface. */
async function createRun({ stores, params, body }) {
  const workflow = await findWorkflow(stores.repository, params.id);
  if (readBool(workflow.is_archived)) throw new HttpError(409, 'Workflow is archived');
  const version = await stores.repository.one(
    'SELECT id FROM workflow_versions WHERE workflow_id = ? ORDER BY version DESC LIMIT 1',
    [workflow.id],
  );
  if (!version) throw new HttpError(409, 'Workflow has no version');
  const [id, now, inputs] = [randomUUID(), nowTime(), JSON.stringify(body.inputs ?? {})];
  await stores.repository.transaction(async (tx) => {
    await tx.run(
      'INSERT INTO workflow_runs (id, workflow_id, workflow_version_id, status, triggered_by, payload, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      [
        id,
        workflow.id,
        version.id,
        'succeeded',
        readText(body, 'triggered_by') ?? 'manual',
        JSON.stringify({ inputs: body.inputs ?? {} }),
        now,
        now,
      ],
    );
    await tx.run(
      'INSERT INTO execution_history (execution_id, workflow_id, inputs, status, started_at, completed_at) VALUES (?, ?, ?, ?, ?, ?)',
      [id, workflow.id, inputs, 'completed', now, now],
    );
    for (const [index, node] of ['start', 'end'].entries())
      await tx.run('INSERT INTO execution_history_steps (execution_id, step_index, at, payload) VALUES (?, ?, ?, ?)', [
        id,
        index,
        now,
        JSON.stringify({ node }),
      ]);
  });
  await stores.checkpoint.run(
    "INSERT INTO checkpoints (thread_id, checkpoint_ns, checkpoint_id, type, checkpoint, metadata) VALUES (?, '', ?, 'json', ?, ?)",
    [
      id,
      randomUUID(),
      JSON.stringify({ channel_values: { inputs: body.inputs ?? {} } }),
      JSON.stringify({ step: 1, source: 'loop' }),
    ],
  );
  return showRun(await stores.repository.one('SELECT * FROM workflow_runs WHERE id = ?', [id]));
}

async function listRuns({ stores, params, query }) {
  const workflow = await findWorkflow(stores.repository, params.id);
  const rows = await stores.repository.all(
    'SELECT * FROM workflow_runs WHERE workflow_id = ? ORDER BY created_at DESC, id LIMIT ?',
    [workflow.id, readLimit(query)],
  );
  return { runs: rows.map(showRun) };
}

async function showHistory({ stores, params }) {
  const row = await stores.repository.one('SELECT * FROM execution_history WHERE execution_id = ?', [params.id]);
  if (!row) throw new HttpError(404, 'Execution not found');
  const steps = await stores.repository.all(
    'SELECT * FROM execution_history_steps WHERE execution_id = ? ORDER BY step_index',
    [params.id],
  );
  return {
    execution_id: row.execution_id,
    workflow_id: row.workflow_id,
    status: row.status,
    inputs: readJson(row.inputs),
    tags: readJson(row.tags),
    metadata: readJson(row.metadata),
    started_at: readTime(row.started_at),
    completed_at: readTime(row.completed_at),
    steps: steps.map((step) => ({ index: step.step_index, at: readTime(step.at), payload: readJson(step.payload) })),
  };
}

export const REPOSITORY_ROUTES = [
  ['GET', '/api/workflows', listWorkflows],
  ['POST', '/api/workflows', createWorkflow, { status: 201 }],
  [
    'GET',
    '/api/workflows/:id',
    async ({ stores, params }) => showWorkflow(await findWorkflow(stores.repository, params.id)),
  ],
  ['PUT', '/api/workflows/:id', updateWorkflow],
  ['DELETE', '/api/workflows/:id', archiveWorkflow],
  ['GET', '/api/workflows/:id/versions', listVersions],
  ['GET', '/api/workflows/:id/runs', listRuns],
  ['POST', '/api/workflows/:id/runs', createRun, { status: 201 }],
  ['GET', '/api/executions/:id/history', showHistory],
];
