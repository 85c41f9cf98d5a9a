'use client';
import { Fragment } from 'react';
import { useZone } from './clock';
import { shownAs, Time } from './time';
import { timesInText } from './times-in-text';

/** A sentence of the server's: moments in it are shown in the viewer's zone, UTC on hover. */
export const TextWithTimes = ({ text }: { text: string }) =>
  timesInText(text).map((piece, at) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text have no other name
    piece.iso ? <Time key={at} iso={piece.text} format="datetime" /> : <Fragment key={at}>{piece.text}</Fragment>,
  );

/** The same as plain text, for names and titles. */
export function useTextWithTimes(text: string): string {
  const zone = useZone();
  return timesInText(text)
    .map((piece) => (piece.iso ? shownAs(piece.text, zone, 'datetime') : piece.text))
    .join('');
}
