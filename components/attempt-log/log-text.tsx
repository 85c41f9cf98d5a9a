import { memo } from 'react';
import { cn } from '@/components/ui/cn';
import { type AnsiPiece, type AnsiTone, ansiPieces } from './ansi-pieces';
import { splitByQuery } from './split-by-query';

const toneClass: Record<AnsiTone, string> = {
  red: 'text-red',
  green: 'text-green',
  amber: 'text-amber',
  blue: 'text-blue',
  violet: 'text-violet',
  dim: 'text-t3',
};

function Piece({ piece, query }: { piece: AnsiPiece; query: string }) {
  const tone = cn(piece.tone && toneClass[piece.tone], piece.bold && 'font-semibold');
  if (piece.control)
    return <span className="mx-px rounded-chip border border-red/55 px-0.5 text-11 text-red">{piece.text}</span>;
  return (
    <span className={tone}>
      {splitByQuery(piece.text, query).map((part) =>
        part.hit ? (
          <mark key={part.at} className="rounded-chip bg-amber/30 text-inherit">
            {part.text}
          </mark>
        ) : (
          part.text
        ),
      )}
    </span>
  );
}

/** A log text: colour codes as spans of the theme's hues, control characters by name, never markup. */
export const LogText = memo(function LogText({ text, query = '' }: { text: string; query?: string }) {
  let offset = 0;
  return ansiPieces(text).map((piece) => {
    const key = offset;
    offset += piece.text.length + 1;
    return <Piece key={key} piece={piece} query={query} />;
  });
});
