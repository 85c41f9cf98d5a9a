import { createHmac, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';

const SESSION_SECONDS = 8 * 60 * 60;
const CHALLENGE_TTL_MS = 10 * 60_000;
export const MIN_SOLVE_MS = 3_000;
export const SESSION_COOKIE = 'next-auth.session-token';
export const CSRF_COOKIE = 'next-auth.csrf-token';
const WORDS = [
  'amber',
  'bridge',
  'cedar',
  'delta',
  'ember',
  'field',
  'grove',
  'harbor',
  'island',
  'juniper',
  'lantern',
  'meadow',
];

const mac = (secret, text) => createHmac('sha256', secret).update(text).digest('base64url');
const sameText = (a, b) => {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
};

/** A signed JSON value as text. */
export function seal(secret, purpose, value) {
  const body = Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${body}.${mac(secret, `${purpose}.${body}`)}`;
}

/** @returns the value, or null for a text that is not ours */
export function unseal(secret, purpose, text) {
  const [body = '', signature = ''] = String(text ?? '').split('.');
  if (!sameText(signature, mac(secret, `${purpose}.${body}`))) return null;
  return JSON.parse(Buffer.from(body, 'base64url').toString('utf8'));
}

function decodeText(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

/** Also of several Set-Cookie values joined by commas, as a script may send them back. */
export function readCookies(header = '') {
  const pairs = header.split(/[;,]/).map((part) => part.trim().split('='));
  return Object.fromEntries(pairs.map(([name, ...rest]) => [name, decodeText(rest.join('='))]));
}

export const cookie = (name, value) => `${name}=${encodeURIComponent(value)}; Path=/; HttpOnly; SameSite=Lax`;

/** A phrase to type, good until ten minutes after it was shown; sooner than `minSolveMs` nobody can have typed it. */
export function makeChallenge(secret, now, minSolveMs = MIN_SOLVE_MS) {
  const challengeText = [0, 1, 2].map(() => WORDS[randomInt(WORDS.length)]).join(' ');
  const times = { issuedAt: now, minSolveAt: now + minSolveMs, expiresAt: now + CHALLENGE_TTL_MS };
  const iso = Object.fromEntries(Object.entries(times).map(([name, at]) => [name, new Date(at).toISOString()]));
  const token = seal(secret, 'challenge', { challengeText, ...times, nonce: randomBytes(6).toString('hex') });
  return { token, prompt: 'Type the phrase exactly as it is shown.', challengeText, ...iso };
}

/** @returns why the answer is refused, or null */
export function judgeChallenge(secret, token, response, now) {
  const challenge = unseal(secret, 'challenge', token);
  if (!challenge) return 'CHALLENGE_INVALID';
  if (now < challenge.minSolveAt) return 'CHALLENGE_TOO_FAST';
  if (now > challenge.expiresAt) return 'CHALLENGE_EXPIRED';
  return String(response ?? '')
    .trim()
    .toLowerCase() === challenge.challengeText
    ? null
    : 'CHALLENGE_WRONG';
}

export const makeSession = (secret, userId, now) =>
  seal(secret, 'session', { userId, expiresAt: now + SESSION_SECONDS * 1000 });

/** @returns {{userId: string, expiresAt: number} | null} */
export function readSession(secret, cookies, now) {
  const session = unseal(secret, 'session', cookies[SESSION_COOKIE]);
  return session && session.expiresAt > now ? session : null;
}

/** A token and its hash in one cookie: a form must send the same token. */
export function makeCsrf(secret) {
  const token = randomBytes(24).toString('hex');
  return { token, cookieValue: `${token}|${mac(secret, `csrf.${token}`)}` };
}

export function isCsrfOf(secret, token, cookieValue = '') {
  const [known = '', signature = ''] = cookieValue.split('|');
  return known !== '' && known === token && sameText(signature, mac(secret, `csrf.${known}`));
}
