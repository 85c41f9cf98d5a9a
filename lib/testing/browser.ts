/** A person's browser as the actions see it: stands in for `next/headers`, everything behind it is real. */
const jar = new Map<string, string>();
let address = '127.0.0.1';

export const browser = {
  forget(): void {
    jar.clear();
  },
  /** Keeps today's cookies and starts with none; `restore` brings them back. */
  aside(): () => void {
    const kept = new Map(jar);
    jar.clear();
    return () => {
      jar.clear();
      for (const [name, value] of kept) jar.set(name, value);
    };
  },
  from(next: string): void {
    address = next;
  },
  cookies: () => new Map(jar),
};

export async function headers(): Promise<Headers> {
  const cookie = [...jar].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('; ');
  return new Headers({ 'x-forwarded-for': address, 'user-agent': 'test', ...(cookie ? { cookie } : {}) });
}

export async function cookies() {
  return {
    set(name: string, value: string, options: { maxAge?: number } = {}): void {
      if (options.maxAge === 0 || value === '') jar.delete(name);
      else jar.set(name, value);
    },
  };
}
