'use client';
import {
  Dialog,
  DialogCancel,
  DialogContent,
  DialogFoot,
  DialogSection,
  DialogSub,
  DialogTitle,
} from '@/components/ui/dialog';
import { Kbd } from '@/components/ui/kbd';

const keys: [string[], string][] = [
  [['Ctrl', 'K'], 'Search profiles, cutovers, pages'],
  [['/'], 'Search on this page'],
  [['g', 'f'], 'Fleet'],
  [['g', 'c'], 'Cutovers'],
  [['g', 'r'], 'Reviews'],
  [['g', 'b'], 'Runbooks'],
  [['g', 'a'], 'Audit'],
  [['j', 'k'], 'Next and previous row'],
  [['Enter'], 'Open the row'],
  [['l'], 'Log of the shown step'],
  [['Esc'], 'Close what lies on top; in a cutover, back to the current step'],
  [['?'], 'This list'],
];

export const HelpDialog = ({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) => (
  <Dialog open={open} onOpenChange={onOpenChange}>
    <DialogContent width={480}>
      <DialogSection className="pt-6">
        <DialogTitle>Keys</DialogTitle>
        <DialogSub>No key runs a step: what changes something is always pressed.</DialogSub>
        <dl className="mt-4 grid grid-cols-[auto_1fr] items-center gap-x-6 gap-y-2">
          {keys.map(([combination, does]) => (
            <div key={does} className="contents">
              <dt className="flex gap-1">
                {combination.map((key) => (
                  <Kbd key={key}>{key}</Kbd>
                ))}
              </dt>
              <dd className="text-t2">{does}</dd>
            </div>
          ))}
        </dl>
      </DialogSection>
      <DialogFoot>
        <DialogCancel>Close</DialogCancel>
      </DialogFoot>
    </DialogContent>
  </Dialog>
);
