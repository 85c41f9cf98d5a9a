'use client';
import { useState } from 'react';
import { DraftText } from '@/components/forms/draft-text';
import { useDraft } from '@/components/forms/use-draft';
import { Button } from '@/components/ui/button';
import { Time } from '@/components/ui/time';
import type { WizardDto } from '@/lib/views/dto';
import { FormAnswer } from './form-answer';
import { useFormAction } from './use-form-action';
import { useWizard } from './wizard-context';

function NoteForm({ onDone }: { onDone: () => void }) {
  const { view, actions, firstKey, refresh } = useWizard();
  const [text, setText] = useDraft(`note ${view.id}`);
  const { state, post, pending, key } = useFormAction(actions.addNote, firstKey, () => {
    setText('');
    refresh();
    onDone();
  });
  return (
    <form action={post} className="mb-3 flex flex-col gap-2">
      <input type="hidden" name="key" value={key} />
      <input type="hidden" name="cutoverId" value={view.id} />
      <input type="hidden" name="stepId" value={view.step.id} />
      <DraftText
        name="text"
        text={text}
        onText={setText}
        rows={3}
        required
        aria-label="Note"
        placeholder="What the next person should know"
        autoFocus
      />
      {state.ok === false && <FormAnswer state={state} />}
      <div className="flex justify-end gap-2">
        <Button
          type="button"
          size="sm"
          variant="ghost"
          onClick={() => {
            setText('');
            onDone();
          }}
        >
          Cancel
        </Button>
        <Button type="submit" size="sm" busy={pending ? 'Adding…' : undefined}>
          Add note
        </Button>
      </div>
    </form>
  );
}

/** What people wrote, newest first. */
export function Notes({ view }: { view: WizardDto }) {
  const [begun] = useDraft(`note ${view.id}`);
  const [opened, setWriting] = useState(false);
  // A part of the page that was replaced meanwhile comes back with what was begun.
  const writing = opened || begun !== '';
  return (
    <section aria-label="Notes" className="px-4 pb-4">
      <h2 className="flex h-9 items-center text-12 font-medium text-t2">
        Notes
        {!writing && (
          <button
            type="button"
            onClick={() => setWriting(true)}
            className="ml-auto font-normal text-t3 hover:text-t1 touch:h-11"
          >
            Add note
          </button>
        )}
      </h2>
      {writing && <NoteForm onDone={() => setWriting(false)} />}
      <ul className="flex flex-col gap-2">
        {view.notes.map((note) => (
          <li key={note.id} className="text-13 break-words whitespace-pre-wrap text-t2">
            <span className="text-12 text-t3" title={note.by}>
              {note.initials} <Time iso={note.at} format="short" />
            </span>{' '}
            <span className="text-t1">{note.text}</span>
          </li>
        ))}
      </ul>
      {view.notes.length === 0 && !writing && <p className="text-12 text-t3">None yet.</p>}
    </section>
  );
}
