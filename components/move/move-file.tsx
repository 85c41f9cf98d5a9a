'use client';
import { useEffect, useState } from 'react';
import { OnlyOperators } from '@/components/cutovers/only-operators';
import { PlanFoot } from '@/components/cutovers/plan-foot';
import { ActionForm } from '@/components/forms/action-form';
import { useView } from '@/components/live/use-view';
import { PageBody } from '@/components/shell/page-body';
import { PageHead } from '@/components/ui/page-head';
import type { FormAction } from '@/lib/views/action-result';
import type { MoveChoiceDto, MoveFileDto } from '@/lib/views/dto';
import { FileList } from './file-list';
import { closedReason, type MovableFile } from './move-choice';
import { RunbookSteps } from './runbook-steps';
import { TargetFields } from './target-fields';

type Props = { initial: MoveFileDto; action: FormAction; firstKey: string };
const unread: MoveChoiceDto = { tables: null, suggestedSchema: '', trouble: null, schema: null };

/** What is asked while somebody types, without a reading for each key. */
function useSettled(text: string, ms = 250): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), ms);
    return () => clearTimeout(timer);
  }, [text, ms]);
  return settled;
}

function useChoice(file: MovableFile | null, dsnName: string, typed: string | null) {
  const asked = useSettled(typed ?? '');
  const params: Record<string, string> = {
    fileId: file?.id ?? '-',
    ...(dsnName ? { dsnName } : {}),
    ...(asked ? { schema: asked } : {}),
  };
  const { view, switching } = useView<MoveChoiceDto>('move-choice', params, unread, {
    topics: ['fleet'],
    enabled: file !== null,
  });
  return { choice: view, reading: switching || asked !== (typed ?? '') };
}

export function MoveFile({ initial, action, firstKey }: Props) {
  const { view } = useView<MoveFileDto>('move', {}, initial, { topics: ['fleet'] });
  const [fileId, setFileId] = useState<string | null>(null);
  const [search, setSearch] = useState('');
  const [dsnName, setDsnName] = useState('');
  const [typed, setTyped] = useState<string | null>(null);
  const file = view.files.find(({ id, blockedBy }) => id === fileId && !blockedBy) ?? null;
  const { choice, reading } = useChoice(file, dsnName, typed);
  const trouble = file && !reading ? choice.trouble : null;
  const schema = typed ?? choice.suggestedSchema;
  const usable = typed ? (choice.schema?.usable ?? null) : null;
  return (
    <PageBody>
      <PageHead
        title="Move one file"
        sub="A SQLite file or a folder of JSON becomes a schema of its own, every cell compared. Planning touches nothing outside this console."
      />
      {view.canPlan ? (
        <ActionForm action={action} firstKey={firstKey} label="Move one file">
          {({ state, pending, errorOf }) => (
            <div className="grid items-start gap-4 wide:grid-cols-[minmax(0,1fr)_minmax(0,520px)]">
              <FileList
                files={view.files}
                total={view.total}
                cut={view.cut}
                roots={view.roots}
                chosen={file}
                search={search}
                onSearch={setSearch}
                onChoose={({ id }) => setFileId(id)}
              />
              <div className="flex min-w-0 flex-col gap-4">
                <TargetFields
                  file={file}
                  tables={choice.tables}
                  trouble={trouble}
                  targets={view.targets}
                  dsnName={dsnName}
                  onDsn={setDsnName}
                  schema={schema}
                  onSchema={setTyped}
                  said={typed ? choice.schema : null}
                  reading={reading}
                  errorOf={errorOf}
                >
                  <PlanFoot
                    state={state}
                    pending={pending}
                    planned="Open the cutover"
                    button="Plan the move"
                    pinned={false}
                    disabledReason={closedReason({
                      file,
                      trouble: trouble !== null,
                      targets: view.targets.length,
                      dsnName,
                      schema,
                      usable,
                    })}
                  />
                </TargetFields>
                {view.runbook && <RunbookSteps runbook={view.runbook} />}
              </div>
            </div>
          )}
        </ActionForm>
      ) : (
        <OnlyOperators does="An operator chooses a file from the server's own list, a target and a schema; the move is then walked as a cutover." />
      )}
    </PageBody>
  );
}
