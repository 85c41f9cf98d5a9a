'use client';
import { useState, useTransition } from 'react';
import { Button } from '@/components/ui/button';
import { ErrorLine } from '@/components/ui/error-panel';
import { NativeSelect } from '@/components/ui/native-select';
import { countWords } from '@/lib/shared/words';
import type { ActionState } from '@/lib/views/action-result';
import { type FindingKind, firstRule, sharedExtent } from './finding-groups';
import { newKey } from './form-key';
import { LosingField, typedReason } from './losing-field';
import { useWizard } from './wizard-context';

type Refused = Extract<ActionState, { ok: false }>['error'];

/** What the rule does to all of them; which lossless one fits some of them only. */
const Effect = ({ kind, rule }: { kind: FindingKind; rule: FindingKind['rules'][number] | undefined }) => (
  <span className="block min-w-0 flex-1 text-12 text-t2 max-md:basis-full">
    {rule?.loses && <b className="font-medium text-red">{`${sharedExtent(kind)} would be lost. `}</b>}
    {rule?.effect}
    {(!rule || rule.loses) &&
      kind.partly.map(({ name, fits }) => (
        <span key={name} className="block">{`${name} fits ${fits} of ${kind.open.length}: choose it there.`}</span>
      ))}
  </span>
);

/** One rule for every open finding of a kind, in one press: all are recorded, or none. */
function KindRule({ kind }: { kind: FindingKind }) {
  const { view, actions, refresh } = useWizard();
  const [rule, setRule] = useState(firstRule(kind));
  const [typed, setTyped] = useState('');
  const [refused, setRefused] = useState<Refused | null>(null);
  const [pending, start] = useTransition();
  const chosen = kind.rules.find(({ name }) => name === rule);
  const loses = chosen?.loses === true;
  const untyped = loses ? typedReason(typed, view.sourceId) : undefined;
  const closed = chosen ? untyped : 'Choose a rule first.';
  const apply = () =>
    start(async () => {
      setRefused(null);
      const form = new FormData();
      form.set('key', newKey());
      form.set('cutoverId', view.id);
      form.set('rule', rule);
      form.set('typedId', typed);
      for (const finding of kind.open) form.append('findingKey', finding.key);
      const answer = await actions.chooseRule({ ok: null, nextKey: '' }, form);
      if (answer.ok === false) setRefused(answer.error);
      refresh();
    });
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 border-t border-line px-4 py-2.5 first:border-t-0">
      <span className="w-40 text-13 text-t1 max-md:flex max-md:w-full max-md:items-baseline max-md:justify-between">
        <code className="block font-mono text-12 break-all">{kind.code}</code>
        <span className="text-12 text-t3">{countWords(kind.open.length, 'finding')}</span>
      </span>
      <span className="flex min-w-0 flex-1 flex-wrap items-center gap-2 max-md:basis-full">
        <NativeSelect
          className={loses ? 'w-72 max-md:w-full' : 'w-44 max-md:w-full'}
          aria-label={`Rule for every ${kind.code}`}
          value={rule}
          onChange={(event) => setRule(event.target.value)}
        >
          {!firstRule(kind) && <option value="">Choose a rule</option>}
          {kind.rules.map((one) => (
            <option key={one.name} value={one.name}>
              {one.loses ? `${one.name} (loses values)` : one.name}
            </option>
          ))}
        </NativeSelect>
        {!loses && <Effect kind={kind} rule={chosen} />}
      </span>
      {loses && (
        <span className="basis-full">
          <Effect kind={kind} rule={chosen} />
        </span>
      )}
      {loses && (
        <LosingField
          sourceId={view.sourceId}
          label={`Type ${view.sourceId} to choose ${rule} for every ${kind.code}`}
          typed={typed}
          onTyped={setTyped}
        />
      )}
      <Button
        size="sm"
        variant={loses ? 'danger' : 'secondary'}
        onClick={apply}
        busy={pending ? 'Choosing…' : undefined}
        disabledReason={closed}
        className="max-md:w-full"
      >
        {`Choose for all ${kind.open.length}`}
      </Button>
      {refused && <ErrorLine error={refused} />}
    </li>
  );
}

export const KindRules = ({ kinds }: { kinds: FindingKind[] }) =>
  kinds.length > 0 && (
    <div className="border-b border-line">
      <h4 className="px-4 pt-2.5 text-12 text-t3">One rule for all of a kind; each can be changed below</h4>
      <ul>
        {kinds.map((kind) => (
          <KindRule key={kind.code} kind={kind} />
        ))}
      </ul>
    </div>
  );
