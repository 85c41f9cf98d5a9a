import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildAccelerator } from '@/lib/dataplane/native/build.mjs';
import { type Bench, openBench } from './bench';
import { fullSizes, quickSizes } from './make-data';
import { measureMemory, measureResume, type Extra } from './measure-extras';
import { endedSessionsCpu } from './server-cpu';
import { machine, type Measured, showTable } from './show-results';
import { peers, type Series, type Technique, techniques, writeServerFiles } from './techniques';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    'install-peers': { type: 'boolean', default: false },
    rounds: { type: 'string', default: '5' },
    /** A regular expression over "series: technique". */
    only: { type: 'string' },
    'no-memory': { type: 'boolean', default: false },
    folder: { type: 'string', default: join(tmpdir(), 'cutover-bench') },
    json: { type: 'string' },
    /** Adds rounds to those of the --json file, for a machine that has only short quiet times. */
    continue: { type: 'boolean', default: false },
  },
});

const seriesOrder = ({ series }: { series: Series }) =>
  (['import', 'import with 3 keys and 2 indexes', 'row diff', 'many small tables'] as Series[]).indexOf(series);
type Saved = { measured: Measured[]; extras: Extra[] };
const say = (text: string) => process.stderr.write(`${text}\n`);
const only = new RegExp(options.only ?? '');
const wanted = ({ series, name }: Technique) => only.test(`${series}: ${name}`);

/** Interleaved, and in reverse order every other round, so that no technique always has the warmer machine. */
async function measure(
  bench: Bench,
  all: readonly Technique[],
  rounds: number,
  earlier: readonly Measured[],
): Promise<Measured[]> {
  const measured: Measured[] = all.map(
    ({ name, series }) =>
      earlier.find((one) => one.name === name && one.series === series) ?? { name, series, seconds: [], megabytes: [] },
  );
  const begun = Math.min(...measured.map(({ seconds }) => seconds.length));
  for (let round = begun; round < begun + rounds; round += 1) {
    const order = all.map((technique, i) => ({ technique, into: measured[i] as Measured }));
    for (const { technique, into } of round % 2 ? order.reverse() : order) {
      await technique.prepare(bench);
      const before = await endedSessionsCpu(bench.clusterFolder, bench.dsn);
      const { seconds, peakMegabytes, cpuSeconds } = await technique.run(bench);
      const after = await endedSessionsCpu(bench.clusterFolder, bench.dsn);
      if (before !== null && after !== null) into.serverCpuSeconds = [...(into.serverCpuSeconds ?? []), after - before];
      into.seconds.push(seconds);
      if (peakMegabytes) into.megabytes.push(peakMegabytes);
      if (cpuSeconds) into.cpuSeconds = [...(into.cpuSeconds ?? []), cpuSeconds];
      say(`round ${round + 1}  ${seconds.toFixed(2).padStart(7)} s  ${technique.series}: ${technique.name}`);
    }
  }
  const others = earlier.filter((one) => !measured.includes(one));
  return [...measured, ...others].sort((a, b) => seriesOrder(a) - seriesOrder(b));
}

if (options['install-peers'])
  spawnSync('apt-get', ['install', '-y', '--no-install-recommends', 'pgloader'], { stdio: 'inherit' });
const reason = await buildAccelerator();
if (reason) say(`The accelerator was ${reason}; its rows are plain TypeScript here.`);
const sizes = options.quick ? quickSizes : fullSizes;
const { bench, close } = await openBench(options.folder, sizes);
try {
  await writeServerFiles(bench);
  const all = [...techniques, ...peers()].filter(wanted).sort((a, b) => seriesOrder(a) - seriesOrder(b));
  const earlier: Saved | null =
    options.continue && options.json && existsSync(options.json)
      ? JSON.parse(readFileSync(options.json, 'utf8'))
      : null;
  const measured = await measure(bench, all, Number(options.rounds), earlier?.measured ?? []);
  const extras: Extra[] = options['no-memory']
    ? []
    : [...(await measureResume(bench)), ...(await measureMemory(bench))];
  process.stdout.write(`${showTable(measured, extras, sizes)}\n${machine(reason === '')}\n`);
  if (options.json)
    writeFileSync(options.json, JSON.stringify({ measured, extras, machine: machine(reason === '') }, null, 2));
} finally {
  await close();
}
