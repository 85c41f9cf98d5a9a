/** `npm run test:long -- security [--guesses 1000] [--pairs 500] [--samples 40]`: guesses, their timing, and two people at
 *  once, on a whole console over HTTP. Ends in one line with its counts. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { Console } from '@/lib/launcher/console.mjs';
import { findPostgres } from '@/lib/launcher/find-postgres.mjs';
import { freePort } from '@/lib/launcher/free-port.mjs';
import { scratchHome } from '@/lib/launcher/home.mjs';

const { values } = parseArgs({
  options: {
    guesses: { type: 'string', default: '1000' },
    pairs: { type: 'string', default: '500' },
    samples: { type: 'string', default: '40' },
  },
});
const counts = { passed: 0, failed: 0 };
const claim = (text: string, holds: boolean, got: string): void => {
  counts[holds ? 'passed' : 'failed'] += 1;
  process.stdout.write(`${holds ? 'passed' : 'FAILED'}  ${text}: ${got}\n`);
};

type Manifest = { node: Record<string, { exportedName: string }> };
const manifest = JSON.parse(readFileSync('.next/server/server-reference-manifest.json', 'utf8')) as Manifest;
const signInId =
  Object.entries(manifest.node).find(([, { exportedName }]) => exportedName === 'signInAction')?.[0] ?? '';

/** The sign-in form as the page sends it: an action call with the form as its second argument. */
async function signIn(
  url: string,
  email: string,
  password: string,
): Promise<{ said: string; cookie: string; ms: number }> {
  const form = new FormData();
  for (const [name, value] of Object.entries({ email, password, next: '/' })) form.append(`1_${name}`, value);
  form.append('0', '[{"ok":null,"nextKey":""},"$K1"]');
  const began = performance.now();
  const answer = await fetch(`${url}/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: url, 'next-action': signInId, accept: 'text/x-component' },
    body: form,
  });
  const text = await answer.text();
  const cookie = answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  return {
    said: /"code":"(\w+)"/.exec(text)?.[1] ?? (cookie ? 'signed in' : `status ${answer.status}`),
    cookie,
    ms: performance.now() - began,
  };
}

const median = (numbers: number[]): number => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

async function guess(url: string, forget: () => Promise<unknown>): Promise<void> {
  const email = 'admin@demo.localhost';
  await forget();
  const said: string[] = [];
  for (let n = 0; n < Number(values.guesses); n += 1) said.push((await signIn(url, email, `guess ${n} of many`)).said);
  const first = said.indexOf('too_many_tries');
  const limited = said.filter((one) => one === 'too_many_tries').length;
  claim(
    `${said.length} guesses are limited by the 11th`,
    first > 0 && first <= 10,
    `from the ${first + 1}th, ${limited} refused`,
  );
  claim(
    'no guess signs in',
    said.every((one) => one === 'too_many_tries' || one === 'sign_in_wrong'),
    [...new Set(said)].join(', '),
  );
  claim(
    'the right password waits as well',
    (await signIn(url, email, 'adminis-demo')).said === 'too_many_tries',
    'too_many_tries',
  );
}

/** Whether an address exists must not be read from the time of the answer. */
async function time(url: string, forget: () => Promise<unknown>): Promise<void> {
  const known: number[] = [];
  const unknown: number[] = [];
  for (let n = 0; n < Number(values.samples); n += 1) {
    await forget();
    known.push((await signIn(url, 'admin@demo.localhost', 'a wrong long guess')).ms);
    unknown.push((await signIn(url, `nobody${n}@demo.localhost`, 'a wrong long guess')).ms);
  }
  const gap = Math.abs(median(known) - median(unknown));
  const spread = median(known.map((ms) => Math.abs(ms - median(known))));
  claim(
    'a known and an unknown address take the same time',
    gap <= Math.max(2 * spread, 0.15 * median(known)),
    `medians ${median(known).toFixed(1)} and ${median(unknown).toFixed(1)} ms, gap ${gap.toFixed(1)}, spread ${spread.toFixed(1)}`,
  );
}

/** Two people ask for the same address at once; neither may ever be given the other's answer. */
async function interleave(url: string, forget: () => Promise<unknown>): Promise<void> {
  await forget();
  const people = await Promise.all(
    [
      ['operator', 'Olga Operator'],
      ['reviewer', 'Rafael Reviewer'],
    ].map(async ([word = '', name = '']) => ({
      name,
      cookie: (await signIn(url, `${word}@demo.localhost`, `${word}-demo`)).cookie,
    })),
  );
  let mixed = 0;
  let cached = 0;
  for (let n = 0; n < Number(values.pairs); n += 1) {
    const answers = await Promise.all(
      people.map(({ cookie }) => fetch(`${url}${n % 2 ? '/api/views/shell' : '/account'}`, { headers: { cookie } })),
    );
    const texts = await Promise.all(answers.map((answer) => answer.text()));
    for (const [at, { name }] of people.entries()) {
      const other = people[1 - at]?.name ?? '';
      // The demo's menu lists everybody; whose page it is stands in the person of the shell and in the title of the page.
      const own =
        n % 2
          ? JSON.parse(texts[at] ?? '{}').person?.name
          : /"name":"(\w+ \w+)","email"/.exec((texts[at] ?? '').replaceAll('\\"', '"'))?.[1];
      if (own !== name || own === other) mixed += 1;
      if (!/no-store/.test(answers[at]?.headers.get('cache-control') ?? '')) cached += 1;
    }
  }
  claim(`${Number(values.pairs) * 2} answers to two people at once are each their own`, mixed === 0, `${mixed} mixed`);
  claim('none of them may be kept by a cache', cached === 0, `${cached} without no-store`);
}

const tools = findPostgres();
if (!tools) throw new Error('PostgreSQL was not found: run npm test once, which installs it or says how.');
const home = scratchHome('security');
mkdirSync(join(home, 'run'), { recursive: true });
const started = new Console({
  home,
  demo: true,
  users: false,
  throwAway: true,
  binDir: tools.binDir,
  port: await freePort(),
});
try {
  await started.enter();
  await started.openClusters();
  await started.migrate();
  await started.prepareDemo();
  await started.cli(['demo-accounts']);
  await started.run();
  const control = new pg.Client({ connectionString: started.databaseUrl });
  control.on('error', () => undefined);
  await control.connect();
  const forget = () => control.query('delete from rate_limit');
  const url = String(started.url);
  await guess(url, forget);
  await time(url, forget);
  await interleave(url, forget);
  await control.end();
} finally {
  await started.stop();
}
process.stdout.write(`${counts.passed} passed, ${counts.failed} failed\n`);
process.exit(counts.failed === 0 && counts.passed > 0 ? 0 : 1);
