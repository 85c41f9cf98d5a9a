import type { PlanLine } from '@/lib/shared/evidence';
import type { Output } from '@/lib/cli/command';

export type PlannedStep = { stepId: string; title: string; digest: string; lines: PlanLine[] };

/** What will be done, line by line; with the exact SQL where a person asked for it. */
export function showPlan(output: Output, steps: readonly PlannedStep[], withText: boolean): void {
  for (const { stepId, title, lines } of steps) {
    output.line('');
    output.line(`${title} (${stepId})`);
    for (const { line, times } of withText ? lines.map((line) => ({ line, times: 1 })) : gathered(lines)) {
      const what = `${line.does}${line.estimate ? ` (${line.estimate})` : ''}${times > 1 ? ` ×${times}` : ''}`;
      output.line(`  ${markOf(line)} ${line.on}: ${what}`);
      if (withText && line.text) for (const one of line.text.split('\n')) output.line(`           ${one}`);
      if (withText && line.effect === 'write' && line.undo) output.line(`           undo: ${line.undo}`);
    }
  }
}

const markOf = ({ effect, stays }: PlanLine): string =>
  stays === false ? 'tries ' : effect === 'write' ? 'writes' : 'reads ';

/** Neighbours that say the same become one line with a count. */
function gathered(lines: readonly PlanLine[]): { line: PlanLine; times: number }[] {
  const out: { line: PlanLine; times: number }[] = [];
  for (const line of lines) {
    const last = out.at(-1);
    if (last && last.line.does === line.does && last.line.on === line.on && last.line.estimate === line.estimate)
      last.times += 1;
    else out.push({ line, times: 1 });
  }
  return out;
}
