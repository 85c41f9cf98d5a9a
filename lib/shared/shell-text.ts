/** Anybody's text as one word to a shell, so that a command that is copied does what it says. */
export const quoteForShell = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Runs a runbook that stands on its own, on the host of the console. */
export const runAloneCommand = (system: string, sourceId: string, runbook: string): string =>
  `npm run cutover -- run ${quoteForShell(`${system}/${sourceId}`)} --runbook ${runbook}`;
