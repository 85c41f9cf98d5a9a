import type pg from 'pg';
import { CutoverError } from '@/lib/errors';
import { analyze, buildGroup, type BuildInput } from './build-keys';
import { withTarget } from './connect-target';
import type { AfterStatement } from './target-ddl/design-types';

/** Groups of statements, a table each, that a second session builds while this process does something else with its first one. What the
 *  second session cannot do, for whatever reason but a key that is refused, is left to the first, which then says why. */
export class BuildAside {
  private readonly waiting: AfterStatement[][] = [];
  private readonly refused: { table: string; error: CutoverError }[] = [];
  private readonly stopping = new AbortController();
  readonly analyzed = new Set<string>();
  private second: Promise<void> | null = null;
  /** Why there is no second session any more. */
  private failed = false;
  private finishing = false;

  constructor(private readonly input: BuildInput) {}

  /** Takes it up at once where the second session is idle. */
  add(group: AfterStatement[]): void {
    this.waiting.push(group);
    this.wake();
  }

  /** What is left is built by both sessions. @throws CutoverError constraint_refused of the first table by name, when all the others are built */
  async finish(client: pg.Client, more: readonly AfterStatement[][]): Promise<void> {
    this.waiting.push(...more);
    this.finishing = true;
    try {
      if (this.waiting.length > 1) this.wake();
      do {
        await this.drain(client);
        await this.second;
      } while (this.waiting.length || this.second);
    } finally {
      await this.stop();
    }
    const [first] = this.refused.sort((a, b) => (a.table < b.table ? -1 : 1));
    if (first) throw first.error;
  }

  /** Breaks off what the second session is building; what it has built stays. */
  async stop(): Promise<void> {
    this.waiting.length = 0;
    this.stopping.abort();
    await this.second;
  }

  private wake(): void {
    if (this.second || this.failed || this.stopping.signal.aborted) return;
    const { place, signal, log } = this.input;
    const build = async (session: pg.Client): Promise<void> => {
      // Beside a load the server's cores have work: helping processes would take from it more than they give.
      if (!this.finishing) await session.query('set max_parallel_maintenance_workers = 0');
      await this.drain(session);
    };
    this.second = withTarget(place.dsn, build, { signal: AbortSignal.any([signal, this.stopping.signal]) })
      .catch((thrown: unknown) => {
        this.failed = true;
        if (this.stopping.signal.aborted || signal.aborted) return;
        log?.('note', `A second session could not go on, so keys are built by one: ${(thrown as Error).message}`);
      })
      .finally(() => {
        this.second = null;
        if (this.waiting.length && !this.failed) this.wake();
      });
  }

  private async drain(session: pg.Client): Promise<void> {
    for (let group = this.waiting.shift(); group; group = this.waiting.shift()) {
      const table = group[0]?.table ?? '';
      try {
        await buildGroup(session, this.input, group);
      } catch (thrown) {
        if (!(thrown instanceof CutoverError) || thrown.code !== 'constraint_refused') {
          this.waiting.unshift(group);
          throw thrown;
        }
        this.refused.push({ table, error: thrown });
        continue;
      }
      await analyze(session, this.input.place, [table]);
      this.analyzed.add(table);
    }
  }
}
