'use client';
import { Download } from 'lucide-react';
import { useSearchParams } from 'next/navigation';
import { useRef } from 'react';
import { useFormAction } from '@/components/checklist/use-form-action';
import { focusRow } from '@/components/cutovers/focus-row';
import { useView } from '@/components/live/use-view';
import { PageBody } from '@/components/shell/page-body';
import { Button, ButtonLink } from '@/components/ui/button';
import { buttonLook } from '@/components/ui/button-look';
import { cn } from '@/components/ui/cn';
import { EmptyState } from '@/components/ui/empty-state';
import { useHotkeys } from '@/components/ui/hotkeys';
import { PageHead } from '@/components/ui/page-head';
import { Panel } from '@/components/ui/panel';
import { formatCount } from '@/lib/shared/format';
import type { FormAction } from '@/lib/views/action-result';
import type { AuditDto } from '@/lib/views/dto';
import { AuditFilters } from './audit-filters';
import { AuditList } from './audit-list';
import { type AuditQuery, auditHref, filterWords, readAuditQuery, withFilter } from './audit-query';
import { VerifyBanner } from './verify-banner';

type Props = { initial: AuditDto; verify: FormAction; firstKey: string };

const downloadLink = (
  <a href="/api/audit" download="audit.ndjson" className={buttonLook({})}>
    <span className="inline-flex items-center gap-2">
      <Download size={16} aria-hidden="true" />
      Download
    </span>
  </a>
);

export function Audit({ initial, verify, firstKey }: Props) {
  const params = useSearchParams();
  const query = readAuditQuery((name) => params.get(name));
  const { view, switching, refresh } = useView<AuditDto>('audit', query, initial);
  const { state, post, pending, key } = useFormAction(verify, firstKey, refresh);
  const search = useRef<HTMLInputElement>(null);
  useHotkeys({ '/': () => search.current?.focus(), j: () => focusRow(1), k: () => focusRow(-1) });
  const change = (next: AuditQuery) => window.history.pushState(null, '', auditHref(withFilter(query, next)));
  return (
    <PageBody>
      <PageHead
        title="Audit"
        sub="Append-only. Each entry holds the hash of the one before."
        actions={
          <>
            {downloadLink}
            <form action={post}>
              <input type="hidden" name="key" value={key} />
              <Button type="submit" variant="primary" busy={pending ? 'Verifying…' : undefined}>
                Verify chain
              </Button>
            </form>
          </>
        }
      />
      <VerifyBanner last={view.lastVerified} state={state} />
      <AuditFilters query={query} filters={view.filters} onChange={change} searchRef={search} />
      <div aria-busy={switching} className={cn('flex flex-col gap-4', switching && 'opacity-60')}>
        {view.entries.length > 0 ? <AuditList entries={view.entries} now={view.now} /> : <NothingFound query={query} />}
        <Pages view={view} query={query} />
      </div>
    </PageBody>
  );
}

const NothingFound = ({ query }: { query: AuditQuery }) => (
  <Panel>
    <EmptyState
      title={filterWords(query) ? `No entry matches ${filterWords(query)}.` : 'No entry yet.'}
      detail={filterWords(query) ? undefined : 'Everything a person or the console decides is written here.'}
      action={
        filterWords(query) ? (
          <ButtonLink href={auditHref({})} size="sm" scroll={false}>
            Clear filters
          </ButtonLink>
        ) : undefined
      }
    />
  </Panel>
);

const Pages = ({ view, query }: { view: AuditDto; query: AuditQuery }) => (
  <nav aria-label="Pages" className="flex items-center gap-2 text-12 text-t3">
    <span className="mr-auto">
      {view.total > 0 && `${formatCount(view.entries.length)} of ${formatCount(view.total)} shown`}
    </span>
    {query.before && (
      <ButtonLink href={auditHref(withFilter(query, { before: '' }))} size="sm">
        Newest
      </ButtonLink>
    )}
    {view.nextBefore !== null && (
      <ButtonLink href={auditHref(withFilter(query, { before: String(view.nextBefore) }))} size="sm">
        Older
      </ButtonLink>
    )}
  </nav>
);
