#!/usr/bin/env node
// Verifies an exported audit log without a server and without any code of the console.
// usage: node verify-file.mjs AUDIT.ndjson [CHECKPOINTS.ndjson [KEY.pub.pem]]; exit 0 whole, 1 broken, 2 not readable
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const sealed = ['act', 'actor', 'at', 'cutoverId', 'n', 'previous', 'role', 'sourceId', 'summary', 'system', 'what'];

function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    return (
      '{' +
      Object.keys(value)
        .sort()
        .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`)
        .join(',') +
      '}'
    );
  }
  return JSON.stringify(value);
}

function lines(path) {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line, index) => {
      try {
        return JSON.parse(line);
      } catch {
        throw new Error(`${path}: line ${index + 1} is no JSON`);
      }
    });
}

function checkEntry(entry, number, before) {
  if (entry.n !== number) return `is number ${entry.n}`;
  if (createHash('sha256').update(String(entry.body)).digest('hex') !== entry.hash)
    return 'its text is not what was sealed';
  let body;
  try {
    body = JSON.parse(entry.body);
  } catch {
    return 'its text is no JSON';
  }
  if (Object.keys(body).sort().join() !== sealed.join() || canonical(body) !== entry.body)
    return 'its text is not canonical';
  if (body.previous !== before.hash || entry.previous !== before.hash) return 'does not follow the one before it';
  for (const name of ['n', 'at', 'actor', 'role', 'act'])
    if (body[name] !== entry[name]) return 'its columns differ from its text';
  return body.at < before.at ? 'is older than the one before it' : null;
}

function checkSeal(seal, entries, key) {
  const text = `cutover-audit ${seal.n} ${seal.hash} ${seal.at}`;
  if (key && !verify(null, Buffer.from(text), key, Buffer.from(String(seal.signature), 'base64')))
    return 'the signature of its checkpoint is not by this key';
  const entry = entries[seal.n - 1];
  if (!entry) return 'is sealed by a checkpoint, but missing';
  return entry.hash === seal.hash ? null : 'differs from what its checkpoint sealed';
}

/** What breaks a chain of entries first, as a sentence; null when it is whole. */
export function brokenAt(entries) {
  let before = { hash: '0'.repeat(64), at: '' };
  for (const [index, entry] of entries.entries()) {
    const problem = checkEntry(entry, index + 1, before);
    if (problem) return `BROKEN at entry ${index + 1}: ${problem}`;
    before = entry;
  }
  return null;
}

function main([audit, checkpoints, key]) {
  if (!audit) throw new Error('usage: verify-file.mjs AUDIT.ndjson [CHECKPOINTS.ndjson [KEY.pub.pem]]');
  const entries = lines(audit);
  const broken = brokenAt(entries);
  if (broken) return broken;
  const seals = checkpoints ? lines(checkpoints) : [];
  const publicKey = key ? createPublicKey(readFileSync(key)) : null;
  for (const seal of seals) {
    const problem = checkSeal(seal, entries, publicKey);
    if (problem) return `BROKEN at entry ${seal.n}: ${problem}`;
  }
  const last = seals.reduce((most, { n }) => Math.max(most, n), 0);
  console.log(
    `WHOLE: ${entries.length} entries, sealed up to ${last}${key ? ' with a valid signature' : last ? ' (signatures not checked: no key given)' : ' (no checkpoints given)'}`,
  );
  return null;
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    const problem = main(process.argv.slice(2));
    if (problem) {
      console.log(problem);
      process.exitCode = 1;
    }
  } catch (error) {
    console.error(error.message);
    process.exitCode = 2;
  }
}
