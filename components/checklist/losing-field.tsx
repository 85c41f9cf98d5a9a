import { Input } from '@/components/ui/input';

type Props = { sourceId: string; label: string; typed: string; onTyped: (text: string) => void };

/** The typed id without which no rule that loses values is chosen. */
export const LosingField = ({ sourceId, label, typed, onTyped }: Props) => (
  <span className="flex items-center gap-2 text-12 text-t2 max-md:w-full max-md:flex-wrap">
    <span className="shrink-0">
      Type <code className="font-mono text-t1">{sourceId}</code> to go on
    </span>
    <Input
      aria-label={label}
      name="typedId"
      value={typed}
      onChange={(event) => onTyped(event.target.value)}
      autoComplete="off"
      autoCapitalize="off"
      spellCheck={false}
      className="w-36 font-mono max-md:w-full"
    />
  </span>
);

/** Why the press is closed; undefined: it is not. */
export const typedReason = (typed: string, sourceId: string): string | undefined =>
  typed === sourceId ? undefined : `Type ${sourceId} to go on.`;
