import type { Progress } from '@/lib/shared/evidence';
import { visibleText } from '@/lib/shared/visible-text';
import type { Output } from '@/lib/cli/command';
import type { Watcher } from './local-walk';
import { partWords, sampled, totalWords, type Sample } from './progress-words';

const shownParts = 12;
const plainEveryMs = 5_000;
// Warnings are claims that do not hold: those are said with the verdict. All lines are in log.txt.
const told = new Set(['error', 'note']);

export type Screen = Watcher & {
  /** Takes the moving lines away; what was said before stays. */
  clear(): void;
};

/** Moving lines on a terminal: one a table, and the total. Plain lines when piped; nothing with --json. */
export function openScreen(output: Output): Screen {
  if (output.json) return { progress: () => undefined, log: () => undefined, clear: () => undefined };
  return process.stdout.isTTY ? movingLines(output) : plainLines(output);
}

function movingLines(output: Output): Screen {
  let drawn: string[] = [];
  let samples: Sample[] = [];
  const erase = (): void => {
    if (drawn.length) process.stdout.write(`\x1b[${drawn.length}A\x1b[J`);
  };
  const draw = (lines: string[]): void => {
    erase();
    const columns = process.stdout.columns || 80;
    drawn = lines.map(visibleText).map((line) => (line.length >= columns ? `${line.slice(0, columns - 2)}…` : line));
    if (drawn.length) process.stdout.write(`${drawn.join('\n')}\n`);
  };
  return {
    progress(_stepId, progress) {
      samples = sampled(samples, { atMs: Date.parse(progress.at), done: progress.done });
      draw([...partLines(progress), `    ${totalWords(progress, samples)}`]);
    },
    log(_stepId, level, text) {
      if (!told.has(level)) return;
      const kept = drawn;
      draw([]);
      output.line(`    ${text}`);
      drawn = [];
      draw(kept);
    },
    clear() {
      draw([]);
      samples = [];
    },
  };
}

/** What moves first, then what has ended last; a database of a thousand tables does not scroll the screen away. */
function partLines({ parts = [], unit }: Progress): string[] {
  const width = Math.min(40, Math.max(0, ...parts.map(({ name }) => name.length)));
  const rank = { running: 0, failed: 0, done: 1, queued: 2 };
  const chosen = new Set(
    [...parts]
      .sort((a, b) => rank[a.state] - rank[b.state] || (b.endedAt ?? '').localeCompare(a.endedAt ?? ''))
      .slice(0, shownParts),
  );
  const left = parts.length - chosen.size;
  return [
    ...parts.filter((part) => chosen.has(part)).map((part) => partWords(part, unit, width)),
    ...(left > 0 ? [`    … and ${left} tables more`] : []),
  ];
}

function plainLines(output: Output): Screen {
  const ended = new Set<string>();
  let samples: Sample[] = [];
  let saidMs = 0;
  return {
    progress(stepId, progress) {
      const nowMs = Date.parse(progress.at);
      samples = sampled(samples, { atMs: nowMs, done: progress.done });
      for (const part of progress.parts ?? []) {
        const key = `${stepId} ${part.name}`;
        if (part.state !== 'done' || ended.has(key)) continue;
        ended.add(key);
        output.line(partWords(part, progress.unit, 0));
      }
      if (nowMs - saidMs < plainEveryMs || progress.unit === 'checks') return;
      if (saidMs) output.line(`    ${totalWords(progress, samples)}`);
      saidMs = nowMs;
    },
    log(_stepId, level, text) {
      if (told.has(level)) output.line(`    ${text}`);
    },
    clear() {
      samples = [];
      saidMs = 0;
    },
  };
}
