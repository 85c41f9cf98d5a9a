'use client';
import { type RefObject, useState } from 'react';
import { ButtonLink } from '@/components/ui/button';
import { SearchInput } from '@/components/ui/input';
import { Select } from '@/components/ui/select';
import type { AuditDto } from '@/lib/views/dto';
import { type AuditQuery, auditHref, filterWords } from './audit-query';

type Props = {
  query: AuditQuery;
  filters: AuditDto['filters'];
  onChange: (change: AuditQuery) => void;
  searchRef: RefObject<HTMLInputElement | null>;
};
// A value of the address may have no entry; it is shown as chosen all the same.
const options = (values: string[], chosen = '') => [
  { value: '', label: 'all' },
  ...(chosen && !values.includes(chosen) ? [chosen, ...values] : values).map((value) => ({ value, label: value })),
];

/** A plain GET form, so the search works before hydration; after it each change is at once in the address. */
export function AuditFilters({ query, filters, onChange, searchRef }: Props) {
  const [text, setText] = useState(query.search ?? '');
  return (
    <form
      aria-label="Filter entries"
      className="flex flex-wrap items-center gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        onChange({ search: text });
      }}
    >
      {(['profile', 'act', 'role'] as const).map(
        (field) => query[field] && <input key={field} type="hidden" name={field} value={query[field]} />,
      )}
      <SearchInput
        ref={searchRef}
        name="search"
        aria-label="Search entries"
        placeholder="Search entries"
        kbd="/"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          if (event.target.value === '') onChange({ search: '' });
        }}
        box="w-64 max-md:w-full"
      />
      <Select
        label="Profile"
        value={query.profile ?? ''}
        options={options(filters.profiles, query.profile)}
        onChange={(profile) => onChange({ profile })}
      />
      <Select
        label="Act"
        value={query.act ?? ''}
        options={options(filters.acts, query.act)}
        onChange={(act) => onChange({ act })}
      />
      <Select
        label="Role"
        value={query.role ?? ''}
        options={options(filters.roles, query.role)}
        onChange={(role) => onChange({ role })}
      />
      {filterWords(query) && (
        <ButtonLink href={auditHref({})} size="sm" variant="ghost" scroll={false} onClick={() => setText('')}>
          Clear filters
        </ButtonLink>
      )}
    </form>
  );
}
