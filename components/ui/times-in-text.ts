const moment = /(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z)/;

/** A sentence in pieces: sealed text holds moments in UTC, which the page shows in the viewer's zone. */
export const timesInText = (text: string): { iso: boolean; text: string }[] =>
  text
    .split(moment)
    .flatMap((piece, at) => (piece ? [{ iso: at % 2 === 1 && !Number.isNaN(Date.parse(piece)), text: piece }] : []));
