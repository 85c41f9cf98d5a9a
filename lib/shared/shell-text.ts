/** Anybody's text as one word to a shell, so that a command that is copied does what it says. */
export const quoteForShell = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Takes a switched profile back from its flight card, without web, target or control plane. */
export const breakGlassCommand = (system: string, sourceId: string, reason: string): string =>
  `npm run cutover -- rollback ${quoteForShell(`${system}/${sourceId}`)} --break-glass --reason ${quoteForShell(reason)}`;

/** Runs a runbook that stands on its own, on the host of the console. */
export const runAloneCommand = (system: string, sourceId: string, runbook: string): string =>
  `npm run cutover -- run ${quoteForShell(`${system}/${sourceId}`)} --runbook ${runbook}`;
