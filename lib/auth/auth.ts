import { betterAuth } from 'better-auth';
import { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { admin } from 'better-auth/plugins';
import { createAccessControl } from 'better-auth/plugins/access';
import { getDb } from '@/db/client';
import { account, rateLimit, session, user, verification } from '@/db/schema';
import { CutoverError } from '@/lib/errors';
import { logAuth } from './auth-log';
import { takeToken } from './take-token';

/** Absolute life of a session; nothing prolongs it. */
const sessionSeconds = 12 * 3600;
/** Where the library believes it is mounted; nothing listens there, all calls come from our actions. */
export const authPath = '/api/auth';

export const passwordLength = { min: 10, max: 128 } as const;

/** Public address of this console. */
export const consoleUrl = (): URL => new URL(process.env.CUTOVER_URL ?? 'http://localhost:4400');

function secret(): string {
  const value = process.env.BETTER_AUTH_SECRET;
  if (value && value.length >= 32) return value;
  throw new CutoverError({
    code: 'unexpected',
    message: 'BETTER_AUTH_SECRET is not set or shorter than 32 characters, so nobody can sign in.',
    advice: 'Start through npm start or npm run demo, which make one, or set it.',
  });
}

// The library's own rights stay empty: what a role may do is decided in our verbs, never by its endpoints.
const access = createAccessControl({ console: ['use'] } as const);
const own = access.newRole({ console: ['use'] });

function makeAuth() {
  const url = consoleUrl();
  const guesses = { window: 60, max: 10 };
  return betterAuth({
    baseURL: url.origin,
    basePath: authPath,
    secret: secret(),
    trustedOrigins: [url.origin],
    database: drizzleAdapter(getDb(), {
      provider: 'pg',
      transaction: true,
      schema: { user, session, account, verification, rateLimit },
    }),
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: passwordLength.min,
      maxPasswordLength: passwordLength.max,
      sendResetPassword: takeToken,
      resetPasswordTokenExpiresIn: 3600,
      revokeSessionsOnPasswordReset: true,
    },
    plugins: [admin({ ac: access, roles: { operator: own, reviewer: own, admin: own }, defaultRole: 'none' })],
    // A token in the database is a digest: who reads the database cannot use it.
    verification: { storeIdentifier: 'hashed' },
    session: { expiresIn: sessionSeconds, disableSessionRefresh: true, cookieCache: { enabled: false } },
    rateLimit: {
      enabled: true,
      storage: 'database',
      window: 60,
      max: 100,
      customRules: { '/sign-in/email': guesses, '/verify-password': guesses, '/change-password': guesses },
    },
    advanced: {
      // Cookies ignore the port: two consoles on one host would end each other's sessions.
      cookiePrefix: `cutover-${url.port || url.protocol.replace(':', '')}`,
      ipAddress: { ipAddressHeaders: ['x-forwarded-for'] },
      useSecureCookies: url.protocol === 'https:',
    },
    telemetry: { enabled: false },
    logger: { level: 'error', log: logAuth },
  });
}

export type Auth = ReturnType<typeof makeAuth>;
const kept = globalThis as typeof globalThis & { cutoverAuth?: Auth };
export const getAuth = (): Auth => (kept.cutoverAuth ??= makeAuth());
