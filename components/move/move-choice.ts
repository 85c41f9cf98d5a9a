import type { MoveFileDto } from '@/lib/views/dto';

export type MovableFile = MoveFileDto['files'][number];

/** Files whose name or folder holds every word; case does not count. */
export function filesMatching(files: MovableFile[], text: string): MovableFile[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return files.filter(({ name, root }) => words.every((word) => `${root}/${name}`.toLowerCase().includes(word)));
}

/** Folder and file name apart, so that the name can stand out and the folder may be cut. */
export function parted(name: string): { folder: string; file: string } {
  const at = name.lastIndexOf('/');
  return { folder: at < 0 ? '' : name.slice(0, at + 1), file: name.slice(at + 1) };
}

/** A sentence in pieces, those that lead somewhere with their address. One alone takes the whole sentence along. */
export function withLinks(sentence: string, links: MovableFile['links']): { text: string; href: string | null }[] {
  const [only, ...more] = links;
  if (only && more.length === 0) return [{ text: sentence, href: only.href }];
  const pieces: { text: string; href: string | null }[] = [];
  let rest = sentence;
  for (const { text, href } of links) {
    const at = rest.indexOf(text);
    if (at < 0) continue;
    pieces.push({ text: rest.slice(0, at), href: null }, { text, href });
    rest = rest.slice(at + text.length);
  }
  return [...pieces, { text: rest, href: null }].filter(({ text }) => text !== '');
}

/** Why the press is closed, one sentence; undefined when it is open. */
export function closedReason(given: {
  file: MovableFile | null;
  trouble: boolean;
  dsnName: string;
  schema: string;
  usable: boolean | null;
  /** How many DSNs there are to choose from. */
  targets: number;
}): string | undefined {
  if (!given.file) return 'Choose a file first.';
  if (given.trouble) return 'This file cannot be moved as it is.';
  if (!given.targets) return 'No DSN is named by the fleet file.';
  if (!given.dsnName) return 'Choose a DSN.';
  if (!given.schema.trim()) return 'Write a schema name.';
  return given.usable === false ? 'The schema name cannot be used.' : undefined;
}
