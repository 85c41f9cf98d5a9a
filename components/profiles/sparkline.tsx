import { cn } from '@/components/ui/cn';
import { sparkPath } from './spark-path';

const tones = { good: 'text-green', bad: 'text-red', none: 'text-t3' };
type Props = { values: (number | null)[]; healthy: boolean | null; label: string };

/** Latency over a day. Where nothing answered the line is broken; the dot says how it is now. */
export function Sparkline({ values, healthy, label }: Props) {
  const { path, last, silent } = sparkPath(values, { width: 108, height: 24, pad: 4 });
  return (
    <svg
      viewBox="0 0 112 24"
      width={112}
      height={24}
      role="img"
      aria-label={label}
      className="block overflow-visible text-t2"
    >
      <path d={path} fill="none" stroke="currentColor" strokeWidth="1.2" strokeLinejoin="round" strokeLinecap="round" />
      {silent && (
        <path
          d={silent}
          fill="none"
          stroke="currentColor"
          strokeWidth="1.2"
          strokeDasharray="1.5 3"
          className="text-t3"
        />
      )}
      {last && (
        <circle
          cx={last.x}
          cy={last.y}
          r="2"
          fill="currentColor"
          className={cn(healthy === null ? tones.none : healthy ? tones.good : tones.bad)}
        />
      )}
    </svg>
  );
}
