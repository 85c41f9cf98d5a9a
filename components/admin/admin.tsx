'use client';
import { useView } from '@/components/live/use-view';
import { AddPerson } from '@/components/people/add-person';
import { People } from '@/components/people/people';
import type { PersonActions } from '@/components/people/person-forms';
import { PageBody } from '@/components/shell/page-body';
import { PageHead } from '@/components/ui/page-head';
import type { FormAction } from '@/lib/views/action-result';
import type { AdminDto } from '@/lib/views/dto';
import { SystemCheck } from './system-check';
import { Workers } from './workers';

type Props = {
  initial: AdminDto;
  actions: { createPerson: FormAction; checkAgain: FormAction; person: PersonActions };
  firstKey: string;
};

/** People and what the console stands on. Everybody may read it; only an admin changes it. */
export function Admin({ initial, actions, firstKey }: Props) {
  const { view, refresh } = useView<AdminDto>('admin', {}, initial, { everyMs: 5_000 });
  return (
    <PageBody>
      <PageHead
        title="Admin"
        sub={
          view.mayManage
            ? 'People, workers and what this console stands on.'
            : 'You may read this page; an admin changes it.'
        }
      />
      <div className="grid items-start gap-4 wide:grid-cols-[minmax(0,1fr)_minmax(0,400px)]">
        <div className="flex min-w-0 flex-col gap-4">
          <SystemCheck
            checks={view.checks}
            checkedAt={view.checkedAt}
            mayCheck={view.mayCheck}
            checkAgain={actions.checkAgain}
            firstKey={firstKey}
            onDone={refresh}
          />
          <People
            people={view.people}
            signRoles={view.signRoles}
            mayManage={view.mayManage}
            actions={actions.person}
            firstKey={firstKey}
            onDone={refresh}
          />
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          {view.mayManage && <AddPerson action={actions.createPerson} firstKey={firstKey} onDone={refresh} />}
          <Workers workers={view.workers} />
        </div>
      </div>
    </PageBody>
  );
}
