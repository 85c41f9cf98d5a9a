'use client';
import { usePathname } from 'next/navigation';
import { Button, ButtonLink } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy-button';
import { Mono } from '@/components/ui/mono';
import { Panel } from '@/components/ui/panel';
import { StatusGlyph } from '@/components/ui/status-glyph';
import { TooltipProvider } from '@/components/ui/tooltip';
import { routes } from '@/lib/shared/routes';
import { breakGlassCommand } from '@/lib/shared/shell-text';

/** On a profile's page the command names that profile. */
function breakGlassOf(path: string): string {
  const [system = 'SYSTEM', sourceId = 'SOURCE_ID'] = (/^\/profiles\/([^/]+)\/([^/]+)/.exec(path)?.slice(1) ?? []).map(
    decodeURIComponent,
  );
  return breakGlassCommand(system, sourceId, 'control plane down');
}

/** What a page says that could not be made. In a built console the cause stays in the server's log, found by its digest. */
export function Failure({ digest, onRetry }: { digest?: string | undefined; onRetry: () => void }) {
  const breakGlass = breakGlassOf(usePathname());
  return (
    <TooltipProvider>
      <Panel edge="red" bar className="overflow-hidden">
        <div className="flex gap-3 px-5 py-4">
          <StatusGlyph status="failed" className="mt-0.5" />
          <div className="min-w-0">
            <h1 className="text-16 font-semibold">This page cannot be shown</h1>
            <p className="mt-1 text-t2">
              Most often the console’s own database does not answer. Services and their data are not touched by that;
              what is frozen or switched stays so.{' '}
              {digest && (
                <>
                  The cause is in the web log under <Mono className="text-t1">{digest}</Mono>.
                </>
              )}
            </p>
            <div className="mt-4 flex flex-wrap gap-2">
              <Button variant="primary" onClick={onRetry}>
                Try again
              </Button>
              <ButtonLink href={routes.fleet()}>Fleet</ButtonLink>
            </div>
          </div>
        </div>
        <div className="border-t px-5 py-4">
          <h2 className="font-medium">A profile must go back now?</h2>
          <p className="mt-0.5 text-t2">
            Break-glass needs neither this page nor its database, only the flight card on the worker’s host. Run it
            there, with the system and the source id behind it:
          </p>
          <div className="mt-2 flex items-center justify-between gap-2 rounded-control border bg-bg py-1 pr-1 pl-3">
            <code className="min-w-0 break-words py-1 font-mono text-12">{breakGlass}</code>
            <CopyButton text={breakGlass} label="Copy command" />
          </div>
        </div>
      </Panel>
    </TooltipProvider>
  );
}
