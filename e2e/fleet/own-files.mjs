/** Files of nobody's service, for *Move one file*: a database, JSON in its three shapes, and two that cannot be moved. */
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { seededRandom } from './parts/random.mjs';

const crops = ['beans', 'beetroot', 'chard', 'leeks', 'potatoes', 'pumpkins', 'raspberries', 'tomatoes'];

function makeAllotments(file) {
  const random = seededRandom('allotments');
  const db = new Database(file);
  db.exec(`create table plot (id integer primary key, path text not null, square_metres real not null);
    create table tenant (id integer primary key autoincrement, name text not null, since text not null, plot_id integer references plot (id));
    create table harvest (id integer primary key autoincrement, tenant_id integer not null references tenant (id), crop text not null,
      grams integer not null, picked_at text not null);
    create index harvest_by_tenant on harvest (tenant_id, picked_at);`);
  const plot = db.prepare('insert into plot values (?, ?, ?)');
  const tenant = db.prepare('insert into tenant (name, since, plot_id) values (?, ?, ?)');
  const harvest = db.prepare('insert into harvest (tenant_id, crop, grams, picked_at) values (?, ?, ?, ?)');
  db.transaction(() => {
    for (let id = 1; id <= 48; id += 1) {
      plot.run(id, `Path ${String.fromCharCode(65 + (id % 6))}`, 60 + random.int(900) / 10);
      tenant.run(`Tenant ${id}`, `20${10 + random.int(14)}-04-01`, id);
    }
    for (let at = 0; at < 2_400; at += 1) {
      const day = String(1 + random.int(28)).padStart(2, '0');
      harvest.run(
        1 + random.int(48),
        crops[random.int(crops.length)],
        50 + random.int(4_000),
        `2026-0${5 + random.int(5)}-${day}`,
      );
    }
  })();
  db.close();
}

const letters = (year, count) => {
  const random = seededRandom(`letters ${year}`);
  const list = Array.from({ length: count }, (_, at) => ({
    id: `${year}-${String(at + 1).padStart(3, '0')}`,
    from: `Tenant ${1 + random.int(48)}`,
    subject: `About the ${crops[random.int(crops.length)]}`,
    answered: random.int(3) > 0,
  }));
  return `${JSON.stringify(list, null, 2)}\n`;
};

function weather() {
  const random = seededRandom('weather');
  return Array.from({ length: 720 }, (_, hour) =>
    JSON.stringify({
      at: new Date(Date.UTC(2026, 8, 1, hour)).toISOString(),
      celsius: 8 + random.int(160) / 10,
      rain_mm: random.int(12) / 10,
    }),
  ).join('\n');
}

const makers = {
  'allotments.db': makeAllotments,
  'letters/2025.json': (file) => writeFileSync(file, letters(2025, 90)),
  'letters/2026.json': (file) => writeFileSync(file, letters(2026, 120)),
  'weather.ndjson': (file) => writeFileSync(file, `${weather()}\n`),
  // What a person may find beside them: a spreadsheet with the wrong ending, a store whose last write was cut.
  'old backup.db': (file) => writeFileSync(file, 'plot;path;square metres\n1;Path B;74.5\n2;Path C;61.0\n'),
  'keys/2026.json': (file) => writeFileSync(file, '[\n  { "plot": 1, "keys": 2 },\n  { "plot": 2, "ke'),
};

/** Makes those that are not there; each stands whole or not at all. */
export function makeOwnFiles(folder) {
  for (const [name, make] of Object.entries(makers)) {
    const file = join(folder, name);
    if (existsSync(file)) continue;
    mkdirSync(dirname(file), { recursive: true });
    const partial = join(folder, `.${process.pid}.partial`);
    make(partial);
    renameSync(partial, file);
  }
}
