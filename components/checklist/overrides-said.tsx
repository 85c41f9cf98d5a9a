import { StatusGlyph } from '@/components/ui/status-glyph';
import type { OverrideSaidDto } from '@/lib/views/dto';

/** Each override on a line of its own: which step, both persons, the reason as it was written. */
export const OverridesSaid = ({ overrides, className }: { overrides: OverrideSaidDto[]; className?: string }) =>
  overrides.length > 0 && (
    <ul className={className}>
      {overrides.map(({ title, text }) => (
        <li key={`${title} ${text}`} className="flex items-start gap-2 py-0.5 text-13 text-t2">
          <span className="mt-0.5 grid shrink-0">
            <StatusGlyph status="overridden" size={14} />
          </span>
          <p className="min-w-0 wrap-anywhere">
            <b className="font-medium text-t1">{title}</b> {text}
          </p>
        </li>
      ))}
    </ul>
  );
