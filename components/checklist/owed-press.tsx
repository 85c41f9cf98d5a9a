import { Button } from '@/components/ui/button';
import { type OwnPress, owedWords } from './own-press';
import { useWizard } from './wizard-context';

/** Pressed, taken, and not on the page yet. */
export function OwedSentence({ press, late }: { press: OwnPress; late: boolean }) {
  const { lead, rest } = owedWords(press, late);
  return (
    <p role="status" className="min-w-0 text-14 text-t2">
      <b className="font-semibold text-t1">{lead}</b> {rest}
    </p>
  );
}

/** The primary's place meanwhile: closed, and after the limit the way to look again. */
export function OwedButton({ press, size }: { press: OwnPress; size?: 'lg' }) {
  const { held } = useWizard();
  return held.late ? (
    <Button variant="primary" size={size} className="min-w-36" onClick={held.lookAgain}>
      Look again
    </Button>
  ) : (
    <Button variant="primary" size={size} className="min-w-36" busy={press.busy}>
      {press.label}
    </Button>
  );
}
