import type { ReactNode } from 'react';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { TClock } from '@/components/ui/time';
import type { T0 } from './use-t0';

type Props = { t0: T0; label: string; error: string | undefined; more?: ReactNode };

/** T-0 as the viewer's clock shows it; what it comes to stands below. */
export const TimeField = ({ t0, label, error, more }: Props) => (
  <>
    <input type="hidden" name="zone" value={t0.zone} />
    <Field
      label={`${label} (${t0.zone})`}
      error={error}
      hint={
        t0.iso ? (
          <>
            <TClock t0={t0.iso} />
            {t0.zone !== 'UTC' && `, in UTC ${t0.iso.slice(11, 16)}`}. {more}
          </>
        ) : (
          'A date and a time.'
        )
      }
    >
      {(id, describedBy, invalid) => (
        <Input
          id={id}
          type="datetime-local"
          name="t0"
          value={t0.local}
          onChange={(event) => t0.setLocal(event.target.value)}
          required
          suppressHydrationWarning
          invalid={invalid}
          aria-describedby={describedBy}
        />
      )}
    </Field>
  </>
);
