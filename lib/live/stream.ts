import { controlPlaneUrl, getDb } from '@/db/client';
import { type Hub, openHub } from './hub';
import { topicReader } from './read-topic';
import type { TopicRow } from './topics';

// On globalThis: a development server evaluates modules again at every edit.
const kept = globalThis as typeof globalThis & { cutoverHub?: Hub };
export const getHub = (): Hub => (kept.cutoverHub ??= openHub({ url: controlPlaneUrl(), read: topicReader(getDb()) }));

const bufferBytes = 256_000;
const pingMs = 15_000;
/** A message, not a comment: the page hears it, and takes long silence for a lost connection. */
const ping = `data: ${JSON.stringify({ t: 'ping', rows: [] })}\n\n`;
/** How often a running stream asks whether its session still holds. */
export const recheckMs = 60_000;

export type StreamOptions = {
  hub: Hub;
  cursors: Map<string, number>;
  signal: AbortSignal;
  /** False ends the stream: the session is over. */
  stillAllowed(): Promise<boolean>;
  recheckMs?: number;
  onEnd?(): void;
};

/** Server-sent events: one message a topic and read, `{t, rows}`. Nothing is buffered for a client beyond 256 kB. */
export function eventStream({
  hub,
  cursors,
  signal,
  stillAllowed,
  recheckMs: everyMs = recheckMs,
  onEnd,
}: StreamOptions): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const ends: (() => void)[] = [];
  let ended = false;

  function end(controller?: ReadableStreamDefaultController<Uint8Array>): void {
    if (ended) return;
    ended = true;
    for (const off of ends) off();
    try {
      controller?.close();
    } catch {
      /* the reader has gone already */
    }
    onEnd?.();
  }

  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const write = (text: string) => {
          if (!ended) controller.enqueue(encoder.encode(text));
        };
        write(': open\n\n');
        const pinging = setInterval(() => write(ping), pingMs);
        const recheck = setInterval(() => {
          // A database that is away ends no session: the next minute asks again.
          void stillAllowed().then(
            (allowed) => {
              if (!allowed) end(controller);
            },
            () => undefined,
          );
        }, everyMs);
        const stop = () => end(controller);
        signal.addEventListener('abort', stop);
        ends.push(
          () => clearInterval(pinging),
          () => clearInterval(recheck),
          () => signal.removeEventListener('abort', stop),
        );
        for (const [topic, cursor] of cursors) {
          ends.push(
            hub.subscribe(topic, {
              cursor,
              ready: () => !ended && (controller.desiredSize ?? 0) > 0,
              send: (rows: TopicRow[]) => write(`data: ${JSON.stringify({ t: topic, rows })}\n\n`),
            }),
          );
        }
        if (signal.aborted) stop();
      },
      pull() {
        for (const topic of cursors.keys()) hub.nudge(topic);
      },
      cancel() {
        end();
      },
    },
    new ByteLengthQueuingStrategy({ highWaterMark: bufferBytes }),
  );
}
