import { ApiError } from '../parts/errors.mjs';
import { newId } from './ids.mjs';
import {
  cookie,
  CSRF_COOKIE,
  judgeChallenge,
  isCsrfOf,
  makeChallenge,
  makeCsrf,
  makeSession,
  SESSION_COOKIE,
} from './session.mjs';

const SIGNALS = ['governance_commitment', 'human_attestation', 'interactive_challenge'];

async function challenge({ config, now }) {
  return { body: { data: makeChallenge(config.assuranceSecret, now(), config.minSolveMs) } };
}

async function csrf({ config }) {
  const { token, cookieValue } = makeCsrf(config.secret);
  return { body: { csrfToken: token }, headers: { 'Set-Cookie': cookie(CSRF_COOKIE, cookieValue) } };
}

/** As the sign-in library answers: 302 for yes and for no; only the cookie and the address tell them apart. */
const redirect = (location, cookies = []) => ({
  status: 302,
  body: { url: location },
  headers: { Location: location, ...(cookies.length > 0 ? { 'Set-Cookie': cookies } : {}) },
});

/** @returns why the form is refused, or null */
function judgeForm({ config, body, cookies, now }) {
  if (!isCsrfOf(config.secret, body.csrfToken, cookies[CSRF_COOKIE])) return 'CSRF';
  if (!/^[a-z0-9_]{3,24}$/.test(body.handle ?? '')) return 'HANDLE_INVALID';
  const name = String(body.displayName ?? '').trim();
  if (name.length < 2 || name.length > 60) return 'DISPLAY_NAME_INVALID';
  if (body.humanAttestation !== 'yes' || body.governanceCommitment !== 'yes') return 'ATTESTATION_MISSING';
  return judgeChallenge(config.assuranceSecret, body.challengeToken, body.challengeResponse, now());
}

function roleOf(config, handle, known) {
  if (config.adminHandles.includes(handle)) return 'admin';
  if (config.moderatorHandles.includes(handle)) return 'moderator';
  return known?.role ?? 'member';
}

async function signIn({ config, store, body, cookies, now, persist, audit }) {
  const refused = judgeForm({ config, body, cookies, now });
  if (refused) {
    audit({
      actorId: 'anonymous',
      action: 'auth.session.denied',
      targetType: 'session',
      metadata: { reason: refused },
    });
    return redirect('/onboarding?error=CredentialsSignin');
  }
  const at = new Date(now()).toISOString();
  const known = store.findUser(body.handle);
  const user = {
    id: known?.id ?? newId('usr'),
    handle: body.handle,
    display_name: body.displayName.trim(),
    role: roleOf(config, body.handle, known),
    governance_accepted_at: known?.governance_accepted_at ?? at,
    human_verified_at: at,
    assurance_level: 'enhanced',
    signals: SIGNALS,
    assurance_evaluated_at: at,
    created_at: known?.created_at ?? at,
    updated_at: at,
  };
  await persist([{ table: 'users', row: user }]);
  audit({
    actorId: user.id,
    action: 'auth.session.created',
    targetType: 'user',
    targetId: user.id,
    metadata: { role: user.role, handle: user.handle },
  });
  return redirect('/', [cookie(SESSION_COOKIE, makeSession(config.secret, user.id, now()))]);
}

async function session({ user, session: held }) {
  if (!user) return { body: {} };
  return {
    body: {
      user: { id: user.id, handle: user.handle, name: user.display_name, role: user.role },
      expires: new Date(held.expiresAt).toISOString(),
    },
  };
}

async function trustProfile({ user }) {
  return {
    body: {
      data: {
        userId: user.id,
        identityAssurance: {
          level: user.assurance_level,
          signals: user.signals,
          evaluatedAt: user.assurance_evaluated_at,
        },
        humanVerifiedAt: user.human_verified_at,
      },
    },
  };
}

/** Looks a person up by what they may do. @throws ApiError 401, 403 */
export function requireRole(user, role, audit) {
  const rank = ['member', 'moderator', 'admin'];
  if (!user) {
    audit({ actorId: 'anonymous', action: 'auth.session.denied', targetType: 'session', metadata: { required: role } });
    throw new ApiError(401, 'UNAUTHENTICATED', 'Authentication required');
  }
  if (rank.indexOf(user.role) >= rank.indexOf(role)) return;
  audit({
    actorId: user.id,
    action: 'auth.session.denied',
    targetType: 'session',
    metadata: { required: role, held: user.role },
  });
  throw new ApiError(403, 'FORBIDDEN', `${role} role required`);
}

export const AUTH_ROUTES = [
  { method: 'GET', path: '/api/onboarding/challenge', handle: challenge },
  { method: 'GET', path: '/api/auth/csrf', handle: csrf },
  { method: 'POST', path: '/api/auth/callback/credentials', write: true, form: true, handle: signIn },
  { method: 'GET', path: '/api/auth/session', handle: session },
  { method: 'GET', path: '/api/trust/me', role: 'member', handle: trustProfile },
];
