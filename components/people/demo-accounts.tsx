'use client';
import { FormAnswer } from '@/components/checklist/form-answer';
import { ActionForm } from '@/components/forms/action-form';
import { Avatar } from '@/components/ui/avatar';
import { Button } from '@/components/ui/button';
import { Panel, PanelHead } from '@/components/ui/panel';
import type { FormAction } from '@/lib/views/action-result';

export type DemoAccount = { email: string; name: string; initials: string; does: string; password: string };
type Props = { accounts: DemoAccount[]; action: FormAction; firstKey: string; next: string };

const fieldsOf = ({ email, password }: DemoAccount, next: string) => ({ email, password, next });

/** The demo's people. Each button is a sign-in like any other; their passwords are public. */
export const DemoAccounts = ({ accounts, action, firstKey, next }: Props) => (
  <Panel>
    <PanelHead title="Demo accounts" aside="only on loopback" />
    <ul>
      {accounts.map((account) => (
        <li key={account.email} className="border-t px-4 py-1.5 first:border-t-0">
          <ActionForm action={action} firstKey={firstKey} label={`Sign in as ${account.name}`}>
            {({ state, pending }) => (
              <>
                {Object.entries(fieldsOf(account, next)).map(([name, value]) => (
                  <input key={name} type="hidden" name={name} value={value} />
                ))}
                <div className="flex items-center gap-3">
                  <Avatar initials={account.initials} />
                  <div className="min-w-0 flex-1">
                    <p className="truncate font-medium">{account.name}</p>
                    <p className="truncate text-12 leading-4 text-t3">{account.does}</p>
                  </div>
                  <Button
                    type="submit"
                    size="sm"
                    aria-label={`Sign in as ${account.name}`}
                    busy={pending ? 'Signing in…' : undefined}
                  >
                    Sign in
                  </Button>
                </div>
                {state.ok === false && <FormAnswer state={state} className="mt-2" />}
              </>
            )}
          </ActionForm>
        </li>
      ))}
    </ul>
  </Panel>
);
