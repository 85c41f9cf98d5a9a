/** The later half of a walk: a row diff with a NUL, the switch under way, the watch, a closed cutover. */
import type { RowDiffSummary } from '@/lib/shared/evidence';
import type { DecisionDto, ReviewsDto, WizardDto } from '@/lib/views/dto';
import { act, at, attempt, gateAt, phasesAt, runningImport, stepOf } from './wizard-fixtures';

const tableRows: [string, number][] = [['sources', 1], ['videos', 60_000], ['user_meta', 41_882], ['video_notes', 12_406], ['csv_consolidated_raw', 60_000], ['csv_authors_raw', 4_118], ['csv_bookmarks_raw', 18_930], ['scheduling_artifacts', 9_204], ['job_queue', 312]];
const differs = new Set(['video_notes', 'csv_bookmarks_raw']);
const summary = (clean: boolean): RowDiffSummary => ({
  equal: clean ? '206853' : '206851', differing: clean ? '0' : '2', missing: '0', extra: '0', notCompared: [], holdsAt: 'source snapshot of 02:03:41', digest: '4be1c07a99d2',
  tables: tableRows.map(([table, rows]) => ({ table, rows: String(rows), equal: String(rows - (!clean && differs.has(table) ? 1 : 0)), differing: !clean && differs.has(table) ? '1' : '0', missing: '0', extra: '0', rangeDigests: 31 })),
  sample: clean ? [] : [
    { table: 'video_notes', key: '7318220461', kind: 'differing', cells: [{ column: 'markdown', source: { text: 'Hook works\u0000 keep for reel 3', type: 'text' }, target: { text: 'Hook works keep for reel 3', type: 'text' } }] },
    { table: 'csv_bookmarks_raw', key: '7290114873', kind: 'differing', cells: [{ column: 'bookmark_folder', source: { text: 'Outfits ', type: 'text' }, target: { text: 'Outfits', type: 'text' } }] },
  ],
});

const diffPhases = phasesAt('row-diff', 'failed', { actualMs: 37_000 });
export const rowDiffWithNul: WizardDto = {
  ...runningImport, now: at('02:20:19'), phases: diffPhases, currentStepId: 'row-diff', gate: { ...gateAt('row-diff', 'failed') }, extra: [], logAttemptId: 'at-3',
  next: { lead: 'Next: choose a rule for 1 NUL.', rest: 'Then 1 row is repaired and both are compared again, about 1 s.', waiting: null, fraction: null, act: act('choose-rule', 'Choose rule…', 'row-diff'), stepId: 'row-diff' },
  step: stepOf(diffPhases, 'row-diff', {
    why: 'Compares source and target row by row, column by column. Rule applied to both sides: none.',
    attemptsList: [attempt({ id: 'at-3', stepId: 'row-diff', state: 'done', endedAt: at('02:20:18'), startedAt: at('02:19:41'), logLines: 96 })],
    checkpoints: [
      { id: 'k1', key: 'equal', claim: 'Every row and cell is equal', verdict: 'failed', at: at('02:20:18'), digest: 'aa', stale: false, evidence: { summary: '2 differ of 206,853', rowDiff: summary(false) } },
      { id: 'k2', key: 'mapped', claim: 'Every source column and table has a target', verdict: 'passed', at: at('02:19:42'), digest: 'bb', stale: false, evidence: { summary: '9 tables, 71 columns', probes: [{ what: 'Columns of the source without a target', text: 'SELECT name FROM pragma_table_info(?)', expected: '0', got: '0', passed: true }] } },
      { id: 'k3', key: 'digests', claim: 'Digests of all 211 ranges recorded', verdict: 'passed', at: at('02:20:17'), digest: 'cc', stale: false, evidence: { summary: 'sha-256 4be1…c07a on both sides for 209', digests: [{ of: 'source ranges', sha256: '4be1c07a99d2f1a0b7c34e51d8f6a2904be1c07a99d2f1a0b7c34e51d8f6a290' }], table: { columns: ['Table', 'Ranges', 'Rows'], numeric: [1, 2], rows: [['videos', '60', '60000'], ['user_meta', '42', '41882']] } } },
    ],
    findings: [{ key: 'video_notes.markdown.nul', code: 'text_nul', table: 'video_notes', column: 'markdown', count: '1', message: 'Text cannot hold NUL; rule strip-nul makes both equal.', sample: [{ key: '7318220461', value: 'Hook works\u0000 keep for reel 3' }], rules: [{ name: 'strip-nul', effect: 'Removes NUL on both sides of the comparison' }, { name: 'escape-nul', effect: 'Stores NUL as U+2400' }], rule: null, blocking: true }],
    moves: [act('repair', 'Repair 1 row…', 'row-diff', { consequence: 'Copies exactly this row again and compares it.' })],
  }),
  notes: [{ id: 'n2', by: 'reviewer', initials: 'RV', at: at('02:20:31'), text: 'Note 7318220461 is a paste from a phone. Strip is fine for me.' }],
};

const switchPhases = phasesAt('switch', 'running', { startedAt: at('02:30:00') });
export const switching: WizardDto = {
  ...runningImport, now: at('02:30:02.498'), badge: { glyph: 'running', text: 'switching' }, lateText: 'on time', lateMs: 0, phases: switchPhases, currentStepId: 'switch', extra: [],
  freeze: { text: '2.4 s', limitMs: 10_000, actualMs: null, runningSince: at('02:30:00.100') }, wayBack: { light: 'arming', text: 'Armed, canary seen' },
  exit: act('rollback', 'Roll back…', 'switch', { card: true, danger: true }), gate: gateAt('close', 'locked'), step: stepOf(switchPhases, 'switch', { attemptsList: [attempt({ id: 'at-9', stepId: 'switch' })] }), logAttemptId: 'at-9',
  strip: {
    title: 'Switching assets_1 to POSTGRES_PRIMARY', sub: 'Users are held. Until thaw, a failure returns to SQLITE by itself. You can leave this page, it goes on.',
    startedAt: at('02:30:00.100'), endedAt: null, limitMs: 10_000, predictedMs: 3_100, attemptId: 'at-9', outcome: 'running',
    cells: [
      { stepId: 'freeze', title: 'Freeze', state: 'passed', ms: 300, startedAt: at('02:30:00.100'), detail: 'writes held, 4 in flight drained' }, { stepId: 'catch-up', title: 'Catch-up', state: 'passed', ms: 600, startedAt: at('02:30:00.400'), detail: '212 changes applied' },
      { stepId: 'final-diff', title: 'Final diff', state: 'passed', ms: 700, startedAt: at('02:30:01'), detail: '212 rows equal, 0 not compared' }, { stepId: 'switch', title: 'Switch', state: 'running', ms: null, startedAt: at('02:30:01.700'), detail: 'API started, pid 48211' },
      { stepId: 'verify-mode', title: 'Verify', state: 'waiting', ms: null, startedAt: null, detail: '5 equal answers on 3 instances' },
    ],
    held: [{ label: 'Requests waiting', value: '9' }, { label: 'Longest wait', value: '2.3 s' }, { label: 'Writes refused', value: '0' }, { label: 'Writes lost', value: '0' }, { label: 'Other profiles', value: 'unaffected' }],
    ifFails: 'The mode goes back to SQLITE, the API restarts, the fence is lifted. 0 writes are lost, no user has written to the target.',
  },
};

const watchPhases = phasesAt('log-scan', 'running', { startedAt: at('02:35:50') });
export const watching: WizardDto = {
  ...switching, now: at('02:36:12'), state: 'switched', badge: { glyph: 'waiting', text: 'watch' }, strip: null, phases: watchPhases, currentStepId: 'log-scan', wayBack: { light: 'live', text: 'Live, 0.4 s behind' },
  freeze: { text: 'was 3.2 s of 10 s', limitMs: 10_000, actualMs: 3_200, runningSince: null },
  next: { lead: 'Next: tick 6 checklist items.', rest: 'Waits for Log scan.', waiting: 'Waits for Log scan', fraction: 0.84, act: act('tick', 'Open checklist', 'checklist', { disabledReason: 'Waits for Log scan' }), stepId: 'checklist' },
  step: stepOf(watchPhases, 'log-scan', { why: 'Looks for 4xx and 5xx that the baseline did not have.', attemptsList: [attempt({ id: 'at-12', stepId: 'log-scan', startedAt: at('02:35:50'), progress: { unit: 'requests', done: 11_204, total: 13_300, at: at('02:36:11'), startedAt: at('02:35:50') } })] }),
  logAttemptId: 'at-12', undoable: 'Until close a runtime rollback is possible.',
};
const donePhases = phasesAt('close', 'passed', { actualMs: 4_000, endedAt: at('03:02:11') });
export const done: WizardDto = {
  ...watching, now: at('03:05:00'), state: 'closed', badge: { glyph: 'passed', text: 'closed' }, phases: donePhases, currentStepId: 'close', exit: null, wayBack: { light: 'none', text: 'Taken down at close' },
  next: { lead: 'assets_1 is on POSTGRES_PRIMARY.', rest: 'Closed at 03:02:11.', waiting: null, fraction: null, act: null, stepId: null }, gate: gateAt('close', 'passed'), undoable: 'Nothing more from this page. The source snapshot is kept for 30 days.',
  step: stepOf(donePhases, 'close', { why: 'Takes the fence down on purpose and keeps the source snapshot for its retention.' }),
  summary: { headline: 'assets_1 moved on 21 Nov 2026, frozen 3.2 s, 0 writes lost, rolled back never.', facts: [{ label: 'Rows', value: '206,853' }, { label: 'Frozen', value: '3.2 s of 10 s' }, { label: 'Planned', value: '1 h 0 m' }, { label: 'Actual', value: '1 h 2 m' }] },
};

export const switchDecision: DecisionDto = {
  now: at('02:29:31'), act: 'switch', title: 'Switch assets_1 to POSTGRES_PRIMARY', sub: 'sx, production. Signed off by the reviewer at 02:27:50.',
  lines: [
    { label: 'Does', fact: 'Holds writes, applies the last 212 changes, restarts the API.', detail: 'Lets users through when all checks pass.', loss: false }, { label: 'Affects', fact: '1 service, 214 requests/min,', detail: 'no other profile', loss: false },
    { label: 'Freeze', fact: 'predicted 3.1 s ± 0.6,', detail: 'measured in rehearsal 2 h ago; limit 10 s', loss: false }, { label: 'Undo', fact: 'until you close; loses 0 writes.', detail: 'Every write is carried back to SQLite', loss: false },
    { label: 'If it fails', fact: 'returns to SQLITE by itself', detail: 'while users are still held', loss: false },
  ],
  checks: [{ text: 'Row diff fresh', status: 'passed', detail: 'journal 1,416' }, { text: 'Reviewer’s sign-off', status: 'passed', detail: '02:27:50' }, { text: 'Service healthy', status: 'passed', detail: '12 ms' }, { text: 'Target reachable', status: 'passed', detail: '3 ms' }, { text: 'Disk for fence', status: 'passed', detail: '41 GB' }, { text: 'Capture caught up', status: 'running', detail: '212 to apply' }],
  loss: null, secondPerson: { needed: false, by: null, at: null, mayConfirm: false, reason: null }, typedId: 'assets_1', passwordNeeded: false, signedInText: 'Last sign-in 4 min ago, no password needed',
  planDigest: '9f2c41d0a7b3', closedReason: null, button: 'Switch now', losing: false, reasonNeeded: false,
};
const lost: [string, string, string, string, string][] = [['video_notes', '7318220461', 'markdown', '“Hook works, keep for reel 3”', '02:31:12'], ['user_meta', '7290114873', 'rating', '4 → 5', '02:31:40'], ['user_meta', '7290114873', 'status', '|saved| → |saved|posted|', '02:31:41'], ['user_meta', '7288310027', 'tags', 'travel → travel,lisbon', '02:32:03'], ['video_notes', '7290114873', 'markdown', '“Crop the first two seconds”', '02:32:55'], ['scheduling_artifacts', '7311045562', 'platform', 'new row, tiktok', '02:33:18']];
export const rollbackDecision: DecisionDto = {
  ...switchDecision, now: at('02:36:20'), act: 'rollback', title: 'Roll back assets_1 to SQLITE', sub: 'sx, production. The way back stopped at 02:31:08, so later writes exist only in PostgreSQL.', checks: [], losing: true, button: 'Roll back now, lose 37 rows', signedInText: 'signed in 4 min ago',
  lines: [
    { label: 'Does', fact: 'Holds writes, sets the mode to SQLITE, restarts the API.', detail: 'PostgreSQL data stays for forensics', loss: false }, { label: 'Affects', fact: '1 service, 214 requests/min,', detail: 'no other profile', loss: false }, { label: 'Freeze', fact: 'predicted 2.6 s ± 0.4;', detail: 'limit 10 s', loss: false },
    { label: 'Undo', fact: 'none for the 37 rows below.', detail: 'They stay readable in the target until close', loss: true }, { label: 'If it fails', fact: 'stays on POSTGRES_PRIMARY,', detail: 'users are let through again', loss: false },
  ],
  loss: { count: '37', since: at('02:31:08'), digest: 'l1', rows: lost.map(([table, key, column, value, clock]) => ({ table, key, column, value, at: at(clock) })) },
  secondPerson: { needed: true, by: 'admin', at: at('02:36:02'), mayConfirm: false, reason: null },
};

export const reviews: ReviewsDto = {
  now: at('02:23:48'),
  items: [
    { cutoverId: 'c-1', stepId: 'sign-off', system: 'sx', sourceId: 'assets_1', gate: 'Row diff', t0: at('02:30:00'), waitingSince: at('02:22:44'), blocks: 'blocks the switch', mine: true, done: null, doneBy: null, doneAt: null },
    { cutoverId: 'c-2', stepId: 'sign-off', system: 'Orcheo', sourceId: 'workspace_main', gate: 'Dropped columns', t0: at('03:05:08'), waitingSince: at('02:09:40'), blocks: 'blocks the switch', mine: true, done: null, doneBy: null, doneAt: null },
    { cutoverId: 'c-3', stepId: 'sign-off', system: 'fabio', sourceId: 'tenant_north', gate: 'Row diff', t0: at('04:00:00'), waitingSince: at('02:20:00'), blocks: 'blocks the switch', mine: false, done: null, doneBy: null, doneAt: null },
    { cutoverId: 'c-4', stepId: 'close-sign-off', system: 'Oris', sourceId: 'runtime_eu', gate: 'Close', t0: at('01:00:00'), waitingSince: at('01:40:00'), blocks: 'blocks the close', mine: true, done: 'signed', doneBy: 'reviewer', doneAt: at('01:52:00') },
  ],
  selected: {
    cutoverId: 'c-1', stepId: 'sign-off', system: 'sx', sourceId: 'assets_1', gate: 'Gate to switch', t0: at('02:30:00'), askedBy: 'the operator', askedAt: at('02:22:44'),
    claim: 'Row diff equal: 206,853 rows, 9 tables, 0 not compared', claimStatus: 'passed', sub: 'Holds at journal 1,416. 1 rule applied to both sides. Evidence read again 12 s ago.',
    changed: { lookedAt: at('02:20:40'), parts: [{ part: 'rules', before: 'none', after: 'strip-nul on video_notes.markdown', detail: '1 row' }, { part: 'row diff', before: '2 differing', after: '0 differing', detail: 'equal' }, { part: 'plan', before: '9f2c41d0', after: 'b71e09aa', detail: 'rule added' }], same: ['schema', 'runbook', 'build', 'snapshots'] },
    checkpoints: [{ key: 'mapped', claim: 'Every source column and table has a target', verdict: 'passed', stepId: 'row-diff', stepTitle: 'Row diff', at: at('02:22:10'), evidence: { summary: '9 tables, 71 columns', probes: [{ what: 'Columns without a target', expected: '0', got: '0', passed: true }] } }],
    rowDiff: summary(true), findings: [], covers: [{ part: 'plan', value: 'b71e09aa' }, { part: 'schema', value: '44ce1f20' }, { part: 'runbook', value: 'sx 1.4.0' }, { part: 'rules', value: '1 of 1' }, { part: 'journal', value: '1,416' }],
    coversNote: 'Later rows do not make it stale while each is in the journal and the final diff is equal.', fingerprint: 'f1',
    comments: [{ by: 'reviewer', initials: 'RV', at: at('02:20:31'), text: 'Note 7318220461 is a paste from a phone. Strip is fine for me.' }, { by: 'operator', initials: 'OP', at: at('02:22:02'), text: 'Rule chosen, repaired and compared again.' }],
    unlocks: 'Unlocks **Arm way back** and **Switch**.', own: null, signOff: act('sign-off', 'Sign off', 'sign-off'), reject: act('sign-off', 'Reject…', 'sign-off', { danger: true }), decided: null, logHref: '/cutovers/c-1?step=row-diff&tab=log',
  },
};
