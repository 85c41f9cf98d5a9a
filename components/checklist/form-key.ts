/** A key of its own for every form of a page: two forms must not share the idempotency of one press. */
export function formKey(pageKey: string, formId: string): string {
  let hash = 0;
  for (const character of formId) hash = (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) >>> 0;
  return `${pageKey.slice(0, 24)}${hash.toString(16).padStart(12, '0')}`;
}

/** A random UUID; `crypto.randomUUID` is missing on origins without TLS. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
