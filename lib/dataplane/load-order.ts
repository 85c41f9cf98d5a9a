import { foreignKeysOf } from './plan-tables';
import type { TableMapping, TargetSchema } from './types';

/** Tables that are loaded together. `whole`: their rows refer to each other or to rows of the same table, so one transaction takes them all. */
export type LoadGroup = {
  tables: TableMapping[];
  whole: boolean;
  /** Foreign keys among them that the server would check too soon; deferred for that one transaction. */
  early: { mapping: TableMapping; name: string }[];
};

/** Parents before children; tables that refer to each other in a circle form one group. */
export function loadGroups(tables: readonly TableMapping[], target: TargetSchema): LoadGroup[] {
  const parents = new Map(
    tables.map((one) => [one, foreignKeysOf(one, { tables }, target).map(({ parent }) => parent)] as const),
  );
  return circles(tables, (one) => parents.get(one) ?? []).map((members) => {
    const inside = members.flatMap((mapping) =>
      foreignKeysOf(mapping, { tables }, target)
        .filter(({ parent }) => members.includes(parent))
        .map((key) => ({ mapping, ...key })),
    );
    // Within one COPY the server checks at its end: a reference to the same table needs no more than one statement.
    const early = members.length > 1 ? inside.filter(({ deferrable }) => !deferrable) : [];
    return { tables: members, whole: inside.length > 0, early: early.map(({ mapping, name }) => ({ mapping, name })) };
  });
}

/** Strongly connected members (Tarjan), each after those it leads to; the given order where there is a choice. */
export function circles<T>(all: readonly T[], leadsTo: (one: T) => readonly T[]): T[][] {
  const found: T[][] = [];
  const path: T[] = [];
  const at = new Map<T, { index: number; low: number; open: boolean }>();
  type Frame = { one: T; next: number };
  for (const start of all) {
    if (at.has(start)) continue;
    const frames: Frame[] = [];
    const enter = (one: T) => {
      at.set(one, { index: at.size, low: at.size, open: true });
      path.push(one);
      frames.push({ one, next: 0 });
    };
    enter(start);
    while (frames.length) {
      const frame = frames.at(-1) as Frame;
      const own = at.get(frame.one) as { index: number; low: number; open: boolean };
      const to = leadsTo(frame.one)[frame.next];
      if (to !== undefined) {
        frame.next += 1;
        const known = at.get(to);
        if (!known) enter(to);
        else if (known.open) own.low = Math.min(own.low, known.index);
        continue;
      }
      frames.pop();
      const above = frames.at(-1);
      const back = above && at.get(above.one);
      if (back) back.low = Math.min(back.low, own.low);
      if (own.low !== own.index) continue;
      const members = path.splice(path.indexOf(frame.one));
      for (const one of members) (at.get(one) as { open: boolean }).open = false;
      found.push(members.sort((a, b) => all.indexOf(a) - all.indexOf(b)));
    }
  }
  return found;
}
