import type { SourceExtra } from '@/lib/sources/source';
import { type SqliteFile, withSqlite } from '@/lib/sources/sqlite-file';
import { countVirtual } from '@/lib/sources/sqlite-extras';
import { readSourceSchema } from '@/lib/sources/sqlite-schema';
import { finding } from './findings';
import { extraMessage } from './plan-extras';
import { profileClasses } from './target-ddl/class-profile';
import { designTarget } from './target-ddl/design-target';
import type { ChosenRules, Design, Finding, SourceScope, SqliteLocation, TargetPlace } from './types';

/** Reads a source and designs its default target. Findings are those without rules, so that choosing one does not make it vanish,
 *  and those that only the rules bring about; `plain` is the design without any. @throws CutoverError source_* */
export const designSource = (
  location: SqliteLocation,
  scope: SourceScope,
  place: TargetPlace,
  rules: ChosenRules,
  signal?: AbortSignal,
): Design & { plain: Design } =>
  withSqlite(location, (file) => {
    const source = readSourceSchema(file, scope);
    const profile = profileClasses(file, source, scope, signal);
    const plain = designTarget(source, profile, place, scope, []);
    const design = rules.length ? designTarget(source, profile, place, scope, rules) : plain;
    const findings = new Map<string, Finding>();
    for (const one of [...plain.findings, ...design.findings, ...virtualFindings(file, source.extras)])
      if (!findings.has(one.key)) findings.set(one.key, one);
    return { ...design, plain, findings: [...findings.values()] };
  });

/** Virtual tables that hold rows of their own: left behind, these are nowhere in the target, so a person decides. */
function virtualFindings(file: SqliteFile, extras: readonly SourceExtra[]): Finding[] {
  return extras
    .filter(({ type, sql }) => type === 'virtual' && !/\bcontent\s*=/i.test(sql ?? ''))
    .flatMap((extra) => {
      const count = countVirtual(file, extra.name);
      if (count === 0n) return [];
      const shadows = extras.filter(({ type, of }) => type === 'shadow' && of === extra.name).length;
      return [
        finding({
          code: 'object_not_moved',
          table: extra.name,
          count: count ?? 0n,
          rules: ['accept'],
          message: `${extraMessage(extra, shadows)} It holds ${count === null ? 'an unknown number of' : count} rows of its own.`,
        }),
      ];
    });
}
