'use client';
import { Fragment } from 'react';
import { Time } from './time';
import { timesInText } from './times-in-text';

/** A sentence of the server's: moments in it are shown in the viewer's zone, UTC on hover. */
export const TextWithTimes = ({ text }: { text: string }) =>
  timesInText(text).map((piece, at) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text have no other name
    piece.iso ? <Time key={at} iso={piece.text} format="datetime" /> : <Fragment key={at}>{piece.text}</Fragment>,
  );
