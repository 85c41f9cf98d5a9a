import { Badge } from '@/components/ui/badge';
import { StatusWord } from '@/components/ui/status-word';
import type { CutoverRowDto } from '@/lib/views/dto';

type Props = { badge: CutoverRowDto['badge']; className?: string };

/** Where the cutover stands and, as a fact of its own, what is wrong with its service: for headers. */
export const CutoverBadges = ({ badge: { glyph, text, service } }: Props) => (
  <>
    <Badge status={glyph}>{text}</Badge>
    {service && <Badge status={service.glyph}>{service.text}</Badge>}
  </>
);

/** The same for rows, one under the other. */
export const CutoverWords = ({ badge: { glyph, text, service }, className }: Props) => (
  <span className="inline-flex flex-col items-start gap-0.5">
    <StatusWord status={glyph} className={className}>
      {text}
    </StatusWord>
    {service && <StatusWord status={service.glyph}>{service.text}</StatusWord>}
  </span>
);
