import { HttpError } from './errors.mjs';

/** Holds writes while an operator works: readers pass, writers get 503 and come back, one bypass value lets a canary through. */
export class Maintenance {
  #bypass = null;
  #since = null;
  #refused = 0;
  #inFlight = 0;

  constructor(bypass) {
    if (bypass) this.hold(bypass);
  }

  /** Sets a state rather than toggles it: holding twice keeps the first time. */
  hold(bypass) {
    this.#bypass = bypass;
    this.#since ??= new Date().toISOString();
  }

  release() {
    this.#bypass = null;
    this.#since = null;
    this.#refused = 0;
  }

  state() {
    return { held: this.#since !== null, in_flight: this.#inFlight, since: this.#since, refused: this.#refused };
  }

  /** @throws HttpError 503 when held and the request does not carry the bypass value. */
  admit(bypassHeader) {
    if (this.#since === null || (this.#bypass && bypassHeader === this.#bypass)) return;
    this.#refused += 1;
    throw new HttpError(503, 'writes are held for maintenance', { 'Retry-After': '1' });
  }

  /** Runs an admitted write; it counts as in flight until its answer is known. */
  async write(bypassHeader, work) {
    this.admit(bypassHeader);
    this.#inFlight += 1;
    try {
      return await work();
    } finally {
      this.#inFlight -= 1;
    }
  }
}
