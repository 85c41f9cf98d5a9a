import type { ReactNode } from 'react';
import { ErrorLine } from '@/components/ui/error-panel';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { NativeSelect } from '@/components/ui/native-select';
import { Panel, PanelBody, PanelHead } from '@/components/ui/panel';
import { StatusWord } from '@/components/ui/status-word';
import { formatBytes } from '@/lib/shared/format';
import { countWords } from '@/lib/shared/words';
import type { MoveChoiceDto, MoveFileDto } from '@/lib/views/dto';
import { type MovableFile, parted } from './move-choice';

type Props = {
  file: MovableFile | null;
  tables: number | null;
  trouble: MoveChoiceDto['trouble'];
  targets: MoveFileDto['targets'];
  dsnName: string;
  onDsn: (name: string) => void;
  schema: string;
  onSchema: (name: string) => void;
  said: MoveChoiceDto['schema'];
  reading: boolean;
  errorOf: (field: string) => string | undefined;
  children: ReactNode;
};

export function TargetFields(props: Props) {
  const { file, trouble, targets, dsnName, onDsn, schema, onSchema, said, reading, errorOf, children } = props;
  const target = targets.find(({ name }) => name === dsnName);
  return (
    <Panel>
      <PanelHead title="Target" aside={file ? <Chosen file={file} tables={props.tables} /> : 'no file chosen yet'} />
      <PanelBody className="flex flex-col gap-4">
        {trouble && <ErrorLine error={trouble} />}
        <Field
          label="DSN, by its secret's name"
          error={errorOf('dsnName')}
          hint={
            target?.detail ??
            (targets.length
              ? 'Where the file goes; a person chooses.'
              : 'Name one under targets in the fleet file, with its value in the secrets file.')
          }
        >
          {(id, describedBy, invalid) => (
            <NativeSelect
              id={id}
              name="dsnName"
              value={dsnName}
              onChange={(event) => onDsn(event.target.value)}
              invalid={invalid}
              aria-describedby={describedBy}
            >
              <option value="" disabled>
                Choose a DSN
              </option>
              {targets.map(({ name, set }) => (
                <option key={name} value={name}>
                  {name}
                  {set === false ? ' (not set)' : ''}
                </option>
              ))}
            </NativeSelect>
          )}
        </Field>
        <Field
          label="Schema"
          error={errorOf('schema') ?? (said && !said.usable ? said.text : undefined)}
          hint={
            said?.usable && !reading ? (
              <StatusWord status="ready">{said.text}</StatusWord>
            ) : (
              'Made by the move; it must not hold anything yet. 1 to 63 bytes.'
            )
          }
        >
          {(id, describedBy, invalid) => (
            <Input
              id={id}
              name="schema"
              value={schema}
              onChange={(event) => onSchema(event.target.value)}
              autoComplete="off"
              spellCheck={false}
              invalid={invalid}
              aria-describedby={describedBy}
              className="font-mono"
            />
          )}
        </Field>
      </PanelBody>
      {children}
    </Panel>
  );
}

const Chosen = ({ file, tables }: { file: MovableFile; tables: number | null }) => (
  <span className="break-all">
    {parted(file.name).file}, {tables === null ? '' : `${countWords(tables, 'table')}, `}
    {formatBytes(file.bytes)}
  </span>
);
