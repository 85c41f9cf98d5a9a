import { cn } from '@/components/ui/cn';
import type { CellShown } from '@/lib/shared/evidence';
import { markCell } from './invisible-characters';

const side = {
  source: { box: 'bg-red/tint', edge: 'border-red text-red', changed: 'bg-red/20' },
  value: { box: 'bg-s2', edge: 'border-line2 text-t2', changed: '' },
  target: { box: 'bg-green/tint', edge: 'border-green text-green', changed: 'bg-green/20' },
};

/** One side of a differing cell: changed characters marked, invisible ones as small outlined names. */
export function CellText({
  cell,
  other,
  of,
}: {
  cell: CellShown | null;
  other: CellShown | null;
  /** `value`: a value by itself, nothing to compare it with. */
  of: 'source' | 'target' | 'value';
}) {
  const look = side[of];
  if (!cell) return <span className="text-t3">no such row</span>;
  const box = cn(
    'block max-w-full rounded-chip px-1.5 py-0.5 font-mono text-12 leading-[23px] break-words whitespace-pre-wrap',
    look.box,
  );
  if (cell.text === null) return <span className={cn(box, 'text-t3')}>NULL</span>;
  let offset = 0;
  return (
    <span className={box}>
      {cell.text === '' && <span className="text-t3">empty text</span>}
      {markCell(cell.text, other?.text ?? null).map((piece) => {
        const key = offset;
        offset += piece.text.length + 1;
        if (piece.kind === 'invisible')
          return (
            <span key={key} className={cn('rounded-chip border px-1 py-px text-11 font-medium', look.edge)}>
              {piece.text}
            </span>
          );
        return (
          <span
            key={key}
            className={cn(piece.kind === 'changed' && 'rounded-chip', piece.kind === 'changed' && look.changed)}
          >
            {piece.text}
          </span>
        );
      })}
      {cell.truncated && <span className="text-t3"> …cut</span>}
      {cell.differs && <span className="ml-1.5 text-11 text-t2">{cell.differs}</span>}
      {other && other.type !== cell.type && <span className="ml-1.5 text-11 text-t3">{cell.type}</span>}
    </span>
  );
}
