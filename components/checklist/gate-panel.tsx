'use client';
import { Link2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Avatar } from '@/components/ui/avatar';
import { CopyButton } from '@/components/ui/copy-button';
import { cn } from '@/components/ui/cn';
import { StatusGlyph } from '@/components/ui/status-glyph';
import { TextWithTimes } from '@/components/ui/text-with-times';
import type { WizardDto } from '@/lib/views/dto';
import { Notes } from './notes';
import { useWizard } from './wizard-context';

function Section({ title, aside, children }: { title: string; aside?: React.ReactNode; children: React.ReactNode }) {
  return (
    <section aria-label={title} className="border-b border-line px-4 pb-3">
      <h2 className="flex h-9 items-center text-12 font-medium text-t2">
        {title}
        <span className="ml-auto font-normal text-t3">{aside}</span>
      </h2>
      {children}
    </section>
  );
}

/** Text that a chat may carry: the whole address, with the origin once the page knows it. */
function ReviewLink({ href }: { href: string }) {
  const [origin, setOrigin] = useState('');
  useEffect(() => setOrigin(window.location.origin), []);
  return <CopyButton text={`${origin}${href}`} label="Copy link" icon={<Link2 size={14} />} showLabel />;
}

function Gate({ gate }: { gate: WizardDto['gate'] }) {
  const { place, go } = useWizard();
  return (
    <Section
      title={gate.title}
      aside={
        <span className="tabular-nums">
          {gate.held} of {gate.of} hold
        </span>
      }
    >
      {gate.waitingFor && <p className="pb-2 text-12 text-amber">{gate.waitingFor}</p>}
      <ul>
        {gate.items.map((item) => {
          const held = item.status === 'passed' || item.status === 'overridden';
          return (
            <li key={item.stepId} className="flex items-start gap-2.5 py-1">
              <span className="mt-0.5 grid">
                <StatusGlyph status={item.status} />
              </span>
              <span className="min-w-0 flex-1">
                <button
                  type="button"
                  onClick={() => go({ ...place, stepId: item.stepId, tab: null })}
                  className={cn(
                    'block max-w-full text-left text-13 break-words hover:underline',
                    item.status === 'locked' ? 'text-t3' : 'text-t1',
                  )}
                >
                  {item.claim}
                </button>
                <span className="sr-only">{item.status}</span>
                {item.detail && (
                  <span className="line-clamp-3 text-12 break-words text-t3" title={item.detail}>
                    <TextWithTimes text={item.detail} />
                  </span>
                )}
              </span>
              {!held && gate.reviewLink?.includes(`step=${encodeURIComponent(item.stepId)}`) && (
                <ReviewLink href={gate.reviewLink} />
              )}
            </li>
          );
        })}
      </ul>
    </Section>
  );
}

/** What holds the gate, who is here, what can be undone, notes. */
export function GatePanel({ view }: { view: WizardDto }) {
  return (
    <div>
      <Gate gate={view.gate} />
      {view.people.length > 0 && (
        <Section
          title="People"
          aside={`${view.people.filter(({ doing }) => doing !== 'asked to sign off').length} here`}
        >
          <ul>
            {view.people.map((person) => (
              <li key={person.name} className="flex h-8 items-center gap-2.5 text-13">
                <Avatar initials={person.initials} />
                <span className="text-t1">{person.name}</span>
                <span className="ml-auto truncate text-12 text-t3">{person.doing}</span>
              </li>
            ))}
          </ul>
        </Section>
      )}
      <Section title="What can be undone">
        <p className="text-13 text-t2">{view.undoable}</p>
      </Section>
      <Notes view={view} />
    </div>
  );
}
