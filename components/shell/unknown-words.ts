const longest = 80;

/** A part of an address as a person wrote it; one that cannot be decoded stays as it is. */
function read(part: string | string[] | undefined): string {
  const text = [part].flat()[0] ?? '';
  const cut = (said: string): string => (said.length > longest ? `${said.slice(0, longest)}…` : said);
  try {
    return cut(decodeURIComponent(text));
  } catch {
    return cut(text);
  }
}

type Parts = Record<string, string | string[] | undefined>;

export const unknownProfile = ({ system, sourceId }: Parts): string =>
  `There is no profile ${read(sourceId)} in a system ${read(system)}`;

/** @param stepId of the address: the cutover may be there, without it */
export const unknownCutover = ({ cutoverId }: Parts, stepId: string | null): string =>
  `There is no cutover ${read(cutoverId)}${stepId ? ` with a step ${stepId.slice(0, longest)}` : ''}`;

export const unknownRunbook = ({ name }: Parts): string => `There is no runbook ${read(name)}`;
