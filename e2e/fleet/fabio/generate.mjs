/** Seeded file stores of fabio: `node generate.mjs --output DIR [--size main|small|tiny] [--seed TEXT] [--dirty]`. */
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { pathToFileURL } from 'node:url';
import { sampleUuid, seededRandom } from '../parts/random.mjs';
import { ALL_TABLES, STAYS_ON_FILES } from './ddl.mjs';
import { spoil } from './dirty-records.mjs';

export const SIZES = { main: 1_500, small: 200, tiny: 24 };
const WORDS = [
  'Ação',
  'São João',
  'Padaria “Pão & Cia”',
  'Clínica Boa Vida',
  'oficina do Zé',
  'Müller Ltda',
  '東京支店',
  'loja 👩‍🍳',
  'tab\there',
  'back\\slash \\N',
  'linha um\nlinha dois',
];
const PER_UNIT = {
  orchestration_commands: 1.5,
  orchestration_events: 3,
  orchestration_module_task_queue: 0.15,
  orchestration_task_confirmations: 0.05,
  crm_conversations: 0.2,
  owner_memory_entries: 0.3,
  owner_context_promotions: 0.1,
  owner_memory_reembed_runs: 0.05,
};
const TENANTS = ['tenant-acme', 'tenant-boa-vista', 'tenant-céu'];
const sampleTime = (random) => new Date(Date.UTC(2025, 0, 1) + random.int(300 * 86_400_000)).toISOString();

/** A value for a field by its kind; ids of parents come from what was made before. */
function sampleValue(random, column, made, n) {
  if (column.parent)
    return column.required || random.chance(0.6) ? random.pick(made[column.parent[0]])[column.parent[1]] : null;
  if (column.name === 'external_key') return random.chance(0.5) ? `ext-${n}` : null;
  if (column.name === 'tenant_id') return random.pick(TENANTS);
  if (column.name.startsWith('phone')) return `+5511${String(random.int(1_000_000_000)).padStart(9, '0')}`;
  if (column.name === 'name') return `${random.pick(WORDS)} ${n}`;
  if (column.name === 'timezone') return 'America/Sao_Paulo';
  if (!column.required && column.kind !== 'json' && random.chance(0.3)) return null;
  if (column.name === 'embedding_vector_json')
    return Array.from({ length: 8 }, () => random.int(2_000_000) / 1_000_000 - 1);
  if (column.name === 'tags_json' || column.name === 'columns_json') return ['vip', `t${random.int(9)}`];
  return {
    uuid: () => sampleUuid(random),
    text: () => `${random.pick(WORDS)} ${random.int(1000)}`,
    time: () => sampleTime(random),
    date: () => sampleTime(random).slice(0, 10),
    bool: () => random.chance(0.5),
    int: () => 1 + random.int(500),
    money: () => random.int(10_000_000) / 100,
    score: () => random.int(1001) / 1000,
    currency: () => 'BRL',
    json: () => ({ z: random.int(9), a: random.pick(WORDS), list: [1, 2.5, null] }),
  }[column.kind]();
}

const fieldName = (column) => (column.kind === 'json' ? column.name.replace(/_json$/, '') : column.name);

function makeRecord(random, name, spec, made, n) {
  const columns = spec.columns.filter((c) => c.kind !== 'serial' && c.name !== spec.whole);
  const record = Object.fromEntries(columns.map((c) => [fieldName(c), sampleValue(random, c, made, n)]));
  if (spec.whole)
    Object.assign(record, {
      name: name.endsWith('events') ? 'module.task.completed' : 'module.task.create',
      payload: { text: random.pick(WORDS), z: 1, a: 2 },
    });
  if (name === 'orchestration_module_task_queue')
    Object.assign(record, {
      status: n % 5 === 0 ? 'pending' : 'completed',
      simulate_failure: false,
      command: {
        command_id: sampleUuid(random),
        tenant_id: TENANTS[0],
        correlation_id: sampleUuid(random),
        trace_id: 't',
        payload: { task_id: sampleUuid(random), module: 'agenda' },
      },
    });
  return record;
}

/** Records of every table, parents before children; the schedules are one a tenant, the queue's history ends at 500. */
export function makeRecords(seed, units) {
  const made = {};
  for (const [name, spec] of Object.entries(ALL_TABLES)) {
    const random = seededRandom(`${seed}/${name}`);
    const count = Math.min(
      Math.ceil(units * (PER_UNIT[name] ?? 1)),
      name === 'orchestration_module_task_queue' ? 500 : Number.POSITIVE_INFINITY,
    );
    made[name] =
      name === 'owner_memory_reembed_schedules'
        ? TENANTS.map((tenant, n) => ({
            ...makeRecord(random, name, spec, made, n),
            tenant_id: tenant,
            run_lock: null,
          }))
        : Array.from({ length: count }, (_, n) => makeRecord(random, name, spec, made, n));
  }
  return made;
}

/** Text of each file of the store by its path below the folder. */
export function renderFiles(made) {
  const files = {};
  const wholes = {};
  for (const [name, { store }] of Object.entries(ALL_TABLES)) {
    if (store.format === 'ndjson')
      files[store.file] = made[name].map((record) => `${JSON.stringify(record)}\n`).join('');
    else if (store.format === 'array') wholes[store.file] = made[name];
    else {
      wholes[store.file] ??= {};
      const [first, history] = store.pointers;
      const isOpen = (record) => !history || record.status === 'pending';
      wholes[store.file][first] = made[name].filter(isOpen);
      if (history) wholes[store.file][history] = made[name].filter((record) => !isOpen(record));
    }
  }
  for (const [file, whole] of Object.entries(wholes)) files[file] = `${JSON.stringify(whole, null, 2)}\n`;
  files[STAYS_ON_FILES.tenant_runtime_config] =
    `${JSON.stringify(Object.fromEntries(TENANTS.map((t) => [t, { language: 'pt-BR' }])), null, 2)}\n`;
  files[STAYS_ON_FILES.owner_short_memory] = '{}\n';
  files[STAYS_ON_FILES.owner_episodes] = '{}\n';
  return files;
}

/**
 * Makes a store; it appears under its name only when it is whole, and an existing one is never touched.
 * @param {{folder: string, seed?: string, size?: keyof typeof SIZES, dirty?: boolean}} spec @returns whether it was made now
 */
export function generateStore({ folder, seed = 'fabio', size = 'small', dirty = false }) {
  if (existsSync(folder)) return false;
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  const made = makeRecords(seed, SIZES[size]);
  const files = dirty ? spoil(made, renderFiles) : renderFiles(made);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(partial, file)), { recursive: true });
    writeFileSync(join(partial, file), text);
  }
  renameSync(partial, folder);
  return true;
}

function main() {
  const { values } = parseArgs({
    options: {
      output: { type: 'string' },
      size: { type: 'string', default: 'small' },
      seed: { type: 'string', default: 'fabio' },
      dirty: { type: 'boolean', default: false },
    },
  });
  if (!values.output || !SIZES[values.size]) {
    process.stderr.write('usage: generate.mjs --output DIR [--size main|small|tiny] [--seed TEXT] [--dirty]\n');
    process.exit(2);
  }
  const made = generateStore({ folder: values.output, seed: values.seed, size: values.size, dirty: values.dirty });
  process.stdout.write(`${values.output}: ${made ? 'made' : 'nothing new'}\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main();
