import { ArrowRight } from 'lucide-react';
import { Mono } from '@/components/ui/mono';
import { Panel, PanelHead } from '@/components/ui/panel';
import { StatusGlyph } from '@/components/ui/status-glyph';
import type { ModeDto } from '@/lib/views/dto';
import { surfaceWords } from './mode-pair';

type Surface = ModeDto['surfaces'][number];
type Stay = ModeDto['stays'][number];

function Modes({ declared, observed }: Pick<Surface, 'declared' | 'observed'>) {
  if (observed !== null && declared === observed) return <Mono className="text-t1">{observed}</Mono>;
  return (
    <span className="inline-flex flex-wrap items-center justify-end gap-x-2">
      <Mono className="text-t2">{declared ?? 'not declared'}</Mono>
      <ArrowRight size={12} aria-label="observed" className="text-t3" />
      {observed === null ? <span className="text-t3">unknown</span> : <Mono className="text-amber">{observed}</Mono>}
    </span>
  );
}

const glyphOf = ({ declared, observed }: Surface) => {
  if (observed === null) return 'unknown';
  return declared === observed ? 'passed' : 'drift';
};
const wordOf = { unknown: 'unknown', passed: 'as declared', drift: 'differs' } as const;

const SurfaceRow = ({ surface }: { surface: Surface }) => (
  <li className="border-b px-4 py-2 last:border-b-0">
    <span className="flex items-start gap-3">
      <StatusGlyph status={glyphOf(surface)} size={14} className="mt-[3px]" />
      <span className="min-w-0 flex-1">
        <span className="block font-medium break-words text-t1">{surface.title}</span>
        <Mono className="block break-all text-12 text-t3">{surface.variable}</Mono>
      </span>
      <span className="max-w-[60%] text-right">
        <Modes {...surface} />
        <span className="sr-only">{wordOf[glyphOf(surface)]}</span>
      </span>
    </span>
    {surface.cause && <span className="mt-0.5 block pl-6.5 text-12 text-t2">{surface.cause}</span>}
  </li>
);

/** What stays does so on purpose and is no drift, unless the service says that it has left. */
const StayRow = ({ stay }: { stay: Stay }) => {
  const left = stay.said !== null && stay.said !== stay.is;
  return (
    <li className="border-b px-4 py-2 last:border-b-0">
      <span className="flex items-start gap-3">
        <StatusGlyph status={left ? 'drift' : 'info'} size={14} className="mt-[3px]" />
        <span className="min-w-0 flex-1 break-words text-t2">{stay.title}</span>
        <span className="text-right text-12 text-t3">
          stays on <Mono className="text-t2">{stay.is}</Mono>
          {left && (
            <>
              , says <Mono className="text-amber">{stay.said}</Mono>
            </>
          )}
          {stay.said === null && ', says nothing'}
        </span>
      </span>
      {stay.why && <span className="mt-0.5 block pl-6.5 text-12 text-t3">{stay.why}</span>}
    </li>
  );
};

/** A profile whose stores are switched one by one, and what of it is not meant to move. */
export const Surfaces = ({ mode }: { mode: ModeDto }) => (
  <>
    {mode.surfaces.length > 0 && (
      <Panel>
        <PanelHead title="Surfaces" aside={surfaceWords(mode)} />
        <ul>
          {mode.surfaces.map((surface) => (
            <SurfaceRow key={surface.name} surface={surface} />
          ))}
        </ul>
      </Panel>
    )}
    {mode.stays.length > 0 && (
      <Panel>
        <PanelHead title="Stays where it is" aside="on purpose" />
        <ul>
          {mode.stays.map((stay) => (
            <StayRow key={stay.name} stay={stay} />
          ))}
        </ul>
      </Panel>
    )}
  </>
);
