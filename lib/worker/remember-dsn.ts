import { rememberSecret } from '@/lib/shared/redact';

/** Remembers a secret to be cut from texts. Of a URL only its password: host and database may be shown. */
export function rememberDsn(value: string): void {
  let password: string;
  try {
    password = decodeURIComponent(new URL(value).password);
  } catch {
    rememberSecret(value);
    return;
  }
  rememberSecret(password || value);
}
