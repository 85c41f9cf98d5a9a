export type * from './types';
export type { TargetProof } from './prove-target';
// places
export { sourceScope } from '@/lib/sources/scope';
export { targetPlace } from './place';
// source
export { answerQuestions, type SourceQuestion } from '@/lib/sources/answer-questions';
export { countSource, otherSourceIds, readSource } from '@/lib/sources/read-source';
export { snapshotSqlite, verifySnapshot } from '@/lib/sources/sqlite-snapshot';
export {
  liveStaged,
  readableStaged,
  stageLive,
  takeStore,
  takeStoreInTurns,
} from '@/lib/sources/json-store/take-store';
export { proveStaged, proveStagedInTurns } from '@/lib/sources/json-store/prove-staged';
export { copyFiles, liveMerged, mergeTaken } from '@/lib/sources/sqlite-files/take-files';
export { proveMerged } from '@/lib/sources/sqlite-files/prove-merged';
// target
export { withTarget } from './connect-target';
export { proveTarget } from './prove-target';
export { readTarget, readTargetOfDdl } from './read-target';
export { compareSchemas } from './compare-schemas';
export { countPlace } from './count-place';
export { compareTargets } from './compare-targets';
export { acceptedTypesSql, expectedTypesSql, typeFindings } from './type-findings';
export { whyNotFree } from './free-schema';
export { ownerProblem } from './schema-owner';
export { readRegistry, schemaNameFindings, staticNameFindings } from './schema-name';
// plan and findings
export { designSource } from './design-source';
export { createDesigned, designDigest, forgetDesign, readTargetOfDesign } from './design-store';
export { planTables } from './plan-tables';
export { openFindings } from './findings';
export { profileValues } from './profile-values';
export { proveValues } from './prove-values';
export { ruleFindings } from './rule-findings';
// import
export { importStatements } from './import-statements';
export { ledgerTable } from './make-ledger';
export { alterSql } from './target-sql';
export { importRows } from './import-rows';
export { compareSoFar } from './compare-design';
export { trySql } from './try-sql';
export { applySql, checkApplied, digestOfSql, dropApplied, sqlStatements } from './apply-sql';
export { acceleratorProblem } from './native/accelerator';
export { checkImport, setSequences } from './check-import';
export { clearImport } from './clear-import';
export { sharedWithoutRows } from './shared-rows';
export { readEarlierLoad } from './earlier-load';
// export, import and validate as files
export type * from './files/files-types';
export { type Binding, type Manifest, readManifest } from './files/manifest';
export { exportFiles } from './files/export-files';
export { importFiles, type ImportFilesReport, loadIdOf } from './files/import-files';
export { redoBatch } from './files/redo-batch';
export { undoImportFiles } from './files/undo-import';
export { stageFiles } from './files/stage-files';
export { isEqual, mismatchAdvice, validateFiles } from './files/validate-files';
export { findDamage, verifyFiles } from './files/verify-files';
// row diff and repair
export { diffRows, lossOf } from './diff-rows';
export { planRepair } from './plan-repair';
export { repairRows } from './repair-rows';
// demo
export { damageRow } from './damage-row';
// fences
export { fenceSql, unfenceSql } from '@/lib/sources/fence-sql';
export { liftFence, readFence, takeFence } from '@/lib/sources/fence';
export { liftTargetFence, readTargetFence, takeTargetFence } from './target-fence';
// target snapshot and restore
export { type ClientTool, findPgTools, findTool, requireTool, requireToolsFor } from './pg-tools';
export { snapshotTarget, verifyTargetSnapshot } from './target-snapshot';
export { dropTables, sharedSchemaOf } from './own-tables';
export { bringBackAside, dropAside, readAsides } from './asides';
export { restoreTarget, undoRestore } from './restore-target';
// rehearsal of a restore
export {
  backupProblems,
  claimRehearsal,
  type Counts,
  countIn,
  dropRehearsal,
  rehearseRestore,
} from './rehearse-restore';
// SQL
export { quoteIdent } from '@/lib/sources/quote';
