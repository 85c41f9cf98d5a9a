'use client';
import { ListFilter } from 'lucide-react';
import { SearchInput } from '@/components/ui/input';
import { Segmented } from '@/components/ui/segmented';
import { Select } from '@/components/ui/select';
import type { FleetDto, ProfileGroup } from '@/lib/views/dto';
import { type FleetFilter, groupWords } from './fleet-state';

type Props = { systems: FleetDto['systems']; filter: FleetFilter; onChange: (change: Partial<FleetFilter>) => void };

export const FleetFilters = ({ systems, filter, onChange }: Props) => (
  <div className="flex flex-wrap items-center gap-2">
    <SearchInput
      data-page-search=""
      aria-label="Filter profiles"
      placeholder="Filter profiles"
      kbd="/"
      icon={<ListFilter size={14} />}
      box="w-56 max-md:w-full"
      value={filter.text}
      onChange={(event) => onChange({ text: event.target.value })}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        if (filter.text) onChange({ text: '' });
        else event.currentTarget.blur();
      }}
    />
    <Select
      label="System"
      value={filter.system}
      onChange={(system) => onChange({ system })}
      options={[{ value: '', label: 'all' }, ...systems.map(({ name, title }) => ({ value: name, label: title }))]}
    />
    <Select
      label="State"
      value={filter.group}
      onChange={(group) => onChange({ group: group as ProfileGroup | '' })}
      options={[
        { value: '', label: 'all' },
        ...Object.entries(groupWords).map(([value, label]) => ({ value, label: label.toLowerCase() })),
      ]}
    />
    <span className="ml-auto flex items-center gap-3 max-md:ml-0">
      <span className="text-12 text-t3 max-md:hidden">Needs a person first</span>
      <Segmented
        label="Order"
        value={filter.by}
        onChange={(by) => onChange({ by: by === 'system' ? 'system' : 'list' })}
        options={[
          { value: 'list', label: 'List' },
          { value: 'system', label: 'By system' },
        ]}
      />
    </span>
  </div>
);
