import type { FleetRowDto, ProfileGroup } from '@/lib/views/dto';

export const groupWords: Record<ProfileGroup, string> = {
  source: 'Source mode',
  in_cutover: 'In cutover',
  on_target: 'On target',
  drift: 'Drift',
  unknown: 'Unknown',
};
export type FleetFilter = { text: string; system: string; group: ProfileGroup | ''; by: 'list' | 'system' };

const isGroup = (value: string | null): value is ProfileGroup => value !== null && Object.hasOwn(groupWords, value);

/** The filter as the URL holds it; what it does not know is left out. */
export const readFilter = (query: { get(name: string): string | null }): FleetFilter => {
  const group = query.get('state');
  return {
    text: query.get('q') ?? '',
    system: query.get('system') ?? '',
    group: isGroup(group) ? group : '',
    by: query.get('by') === 'system' ? 'system' : 'list',
  };
};
export function filterQuery(filter: FleetFilter): string {
  const query = new URLSearchParams();
  if (filter.text) query.set('q', filter.text);
  if (filter.system) query.set('system', filter.system);
  if (filter.group) query.set('state', filter.group);
  if (filter.by === 'system') query.set('by', 'system');
  const text = query.toString();
  return text ? `?${text}` : '';
}

const textOf = (row: FleetRowDto): string =>
  [row.sourceId, row.title, row.system, row.systemTitle, row.mode.declared, row.mode.observed, row.status.headline]
    .join(' ')
    .toLowerCase();

/** Words must all be found. `drift:yes` and `drift:no` ask for the state by itself. */
export function matches(row: FleetRowDto, filter: FleetFilter): boolean {
  if (filter.system && row.system !== filter.system) return false;
  if (filter.group && !row.groups.includes(filter.group)) return false;
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  return words.every((word) => {
    if (word === 'drift:yes') return row.group === 'drift';
    if (word === 'drift:no') return row.group !== 'drift';
    return textOf(row).includes(word);
  });
}

/** What the empty table says was asked for. */
export const filterWords = (filter: FleetFilter, systemTitle: string | undefined): string =>
  [filter.text, filter.group && groupWords[filter.group].toLowerCase(), filter.system && (systemTitle ?? filter.system)]
    .filter(Boolean)
    .join(', ');

export const keyOf = ({ system, sourceId }: Pick<FleetRowDto, 'system' | 'sourceId'>): string =>
  JSON.stringify([system, sourceId]);

/** Only what may start now: on the source, with no cutover and nothing against it. */
export const mayJoinWave = (row: FleetRowDto): boolean =>
  row.group === 'source' && row.cutoverId === null && row.status.glyph === 'source';

const glance: [ProfileGroup, string][] = [
  ['drift', 'drift'],
  ['unknown', 'unknown'],
  ['in_cutover', 'in cutover'],
  ['on_target', 'on target'],
  ['source', 'source mode'],
];

/** What stands in the head of a system: "1 drift, 2 in cutover, 3 source mode", those that ask for a person first. */
export const glanceOf = (rows: FleetRowDto[]): { group: ProfileGroup; text: string }[] =>
  glance.flatMap(([group, word]) => {
    const count = rows.filter((row) => row.groups.includes(group)).length;
    return count ? [{ group, text: `${count} ${word}` }] : [];
  });

/** Rows under their system, systems in the order in which their first row needs a person. */
export function bySystem(rows: FleetRowDto[]): { system: string; title: string; rows: FleetRowDto[] }[] {
  const groups = new Map<string, { system: string; title: string; rows: FleetRowDto[] }>();
  for (const row of rows) {
    const group = groups.get(row.system) ?? { system: row.system, title: row.systemTitle, rows: [] };
    group.rows.push(row);
    groups.set(row.system, group);
  }
  return [...groups.values()];
}
