import { StatusGlyph } from '@/components/ui/status-glyph';
import { Time } from '@/components/ui/time';
import { listWords } from '@/lib/shared/words';
import type { SignOffRoleDto } from '@/lib/views/dto';

const looks = {
  open: { glyph: 'waiting', word: 'has not decided' },
  signed: { glyph: 'passed', word: 'signed' },
  rejected: { glyph: 'failed', word: 'rejected' },
  stale: { glyph: 'stale', word: 'stale' },
} as const;

function RoleLine({ role }: { role: SignOffRoleDto }) {
  const { glyph, word } = looks[role.stands];
  return (
    <li className="flex items-start gap-2.5 border-t border-line px-4 py-2.5 text-13 first:border-t-0">
      <span className="mt-0.5 grid">
        <StatusGlyph status={glyph} />
      </span>
      <div className="min-w-0 flex-1">
        <p className="text-t1">
          {role.title} <span className="text-t2">{word}</span>
        </p>
        {role.by && role.at && (
          <p className="text-12 break-words text-t2">
            {role.by}, <Time iso={role.at} format="datetime" />
            {role.reference && (
              <>
                , reference <span className="font-mono text-t1">{role.reference}</span>
              </>
            )}
          </p>
        )}
        {role.stands !== 'signed' && (
          <p className="text-12 break-words text-t3">
            {role.givenTo.length
              ? `Given to ${listWords(role.givenTo)}.`
              : 'Given to nobody; an admin gives it on the page Admin.'}
          </p>
        )}
        {role.reason && <p className="text-12 break-words text-t2">{role.reason}</p>}
      </div>
    </li>
  );
}

/** Who has decided for which role, and which still lack. */
export const RoleList = ({ roles }: { roles: readonly SignOffRoleDto[] }) => (
  <ul aria-label="Roles that decide">
    {roles.map((role) => (
      <RoleLine key={role.id} role={role} />
    ))}
  </ul>
);

/** "2 of 4 signed" */
export const rolesCount = (roles: readonly SignOffRoleDto[]): string =>
  `${roles.filter(({ stands }) => stands === 'signed').length} of ${roles.length} signed`;
