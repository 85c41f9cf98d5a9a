import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { loadFleet, type LoadedFleet } from '@/lib/fleet/load';
import { narrowRunbook } from '@/lib/fleet/narrow-runbook';
import { repairStepOf } from '@/lib/fleet/repair-step';
import type { Runbook, RunbookStep } from '@/lib/fleet/runbook-schema';
import { CutoverError } from '@/lib/errors';
import type { PlanLine } from '@/lib/shared/evidence';
import { canonicalJson, type Json } from '@/lib/shared/json';
import { registry } from '@/lib/steps/registry';
import {
  isHuman,
  type KeptSnapshot,
  type MachineStep,
  type NewFinding,
  type NewSnapshot,
  type StepContext,
  type Verdict,
} from '@/lib/steps/step';

/** One profile walking its runbook in this process, without control plane or worker. */
export type Walk = {
  ctx(step: RunbookStep, options?: { epoch?: number; attemptId?: string; signal?: AbortSignal }): StepContext;
  stepOf(id: string): { entry: RunbookStep; kind: MachineStep<unknown>; params: unknown };
  planText(id: string): Promise<string>;
  /** Plan, run, check, and the plan again, which must be the same. */
  run(id: string): Promise<Verdict>;
  undo(id: string): Promise<void>;
  /** What ctx.failpoint does at a place. */
  failpoints: Map<string, () => void | Promise<void>>;
  rules: Map<string, string>;
  findings: NewFinding[];
  snapshots: NewSnapshot[];
  log: string[];
  facts: Map<string, Json>;
  /** What the last plan of each step held, for expectCriteria. */
  plans: Map<string, readonly PlanLine[]>;
  /** What the last check of each step said, for expectCriteria. */
  verdicts: Map<string, Verdict>;
  /** Facts of other cutovers of the system, by `step.name`. */
  records: Map<string, Json>;
  /** Snapshots that other cutovers of the profile have kept. */
  kept: KeptSnapshot[];
  fleet: LoadedFleet;
  runbook: Runbook;
};

export function readSecretsFile(file: string): Record<string, string> {
  return Object.fromEntries(
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line.includes('='))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}

export function openWalk(input: {
  home: string;
  fleetFile: string;
  secretsFile: string;
  system: string;
  sourceId: string;
  cutoverId?: string;
  /** Default: the profile's own. */
  runbook?: string;
  /** Walks a cutover of these surfaces only. */
  surfaces?: string[];
}): Walk {
  const fleet = loadFleet(input.fleetFile);
  const { system, profile, service, neighbours } = fleet.find(input.system, input.sourceId);
  const { runbook: whole } = fleet.runbook(input.runbook ?? profile.runbook);
  const runbook = input.surfaces ? narrowRunbook(whole, input.surfaces) : whole;
  const secrets = readSecretsFile(input.secretsFile);
  const facts = new Map<string, Json>();
  const states = new Map<string, string>();
  const found = new Map<string, NewFinding[]>();
  const walk = {
    failpoints: new Map(),
    rules: new Map<string, string>(),
    findings: [] as NewFinding[],
    snapshots: [] as NewSnapshot[],
    log: [] as string[],
    facts,
    plans: new Map<string, readonly PlanLine[]>(),
    verdicts: new Map<string, Verdict>(),
    records: new Map<string, Json>(),
    kept: [] as KeptSnapshot[],
    fleet,
    runbook,
  };
  const steps = [
    ...runbook.phases.flatMap((phase) => phase.steps.flatMap((step) => [step, repairStepOf(step) ?? []].flat())),
    ...runbook.rollbacks.runtime.steps,
    ...(runbook.rollbacks.data?.steps ?? []),
  ];
  const cutoverId = input.cutoverId ?? 'walk-1';
  let attempts = 0;

  const ctxOf: Walk['ctx'] = (step, options = {}) => {
    const attemptId = options.attemptId ?? `${input.cutoverId ? `${input.cutoverId}-` : ''}attempt-${++attempts}`;
    const folder = (...parts: string[]): string => {
      const made = path.join(input.home, ...parts);
      if (!existsSync(made)) mkdirSync(made, { recursive: true, mode: 0o700 });
      return made;
    };
    const signal = options.signal ?? new AbortController().signal;
    return {
      cutoverId,
      attemptId,
      epoch: options.epoch ?? 1,
      signal,
      system,
      profile,
      services: service ? [service] : [],
      neighbours,
      runbook,
      step,
      allowedRoots: fleet.file.allowed_roots,
      snapshotDir: folder('snapshots', encodeURIComponent(profile.source_id)),
      workDir: folder('work', attemptId),
      secret: (name) => {
        const value = secrets[name];
        if (value) return value;
        throw new CutoverError({
          code: 'dsn_missing',
          message: `${name} has no value.`,
          advice: 'Set it in the secrets file.',
        });
      },
      log: (level, text) => {
        walk.log.push(`${step.id} ${level} ${text}`);
      },
      progress: () => undefined,
      fact: <T>(stepId: string, name: string): T => {
        const value = facts.get(`${stepId}.${name}`);
        if (value === undefined)
          throw new CutoverError({
            code: 'gate_closed',
            message: `${stepId} has no fact ${name}.`,
            advice: 'Run it first.',
          });
        return value as T;
      },
      factOrNull: <T>(stepId: string, name: string): T | null => (facts.get(`${stepId}.${name}`) ?? null) as T | null,
      record: async <T>(name: string) => {
        const kept = [...walk.records, ...facts].find(([key]) => key.endsWith(`.record.${name}`));
        return kept ? { value: kept[1] as T, cutoverId, sourceId: profile.source_id, runbook: runbook.name } : null;
      },
      keptSnapshots: async () => walk.kept,
      setFact: (name, value) => {
        facts.set(`${step.id}.${name}`, JSON.parse(canonicalJson(value)) as Json);
      },
      rule: (key) => walk.rules.get(key) ?? null,
      rules: () =>
        walk.findings.flatMap((finding) => {
          const rule = walk.rules.get(finding.key);
          return rule
            ? [{ key: finding.key, rule, table: finding.table, column: finding.column, code: finding.code }]
            : [];
        }),
      saveFindings: async (findings) => {
        found.set(step.id, findings);
        walk.findings = [...found.values()].flat();
      },
      saveSnapshot: async (snapshot) => {
        walk.snapshots.push(snapshot);
      },
      state: {
        get: async <T>(name: string): Promise<T | null> => {
          const text = states.get(`${step.id}.${name}`);
          return text === undefined ? null : (JSON.parse(text) as T);
        },
        set: async (name, value) => {
          states.set(`${step.id}.${name}`, canonicalJson(value));
        },
      },
      failpoint: async (name) => {
        await walk.failpoints.get(name)?.();
      },
      throwIfEnded: () => signal.throwIfAborted(),
    };
  };

  const stepOf: Walk['stepOf'] = (id) => {
    const entry = steps.find((step) => step.id === id);
    const kind = entry && registry[entry.kind];
    if (!entry || !kind || isHuman(kind)) throw new Error(`no machine step ${id}`);
    return { entry, kind: kind as MachineStep<unknown>, params: kind.params.parse(entry.params) };
  };
  const planText: Walk['planText'] = async (id) => {
    const { entry, kind, params } = stepOf(id);
    const { lines } = await kind.plan(ctxOf(entry), params);
    walk.plans.set(id, lines);
    return canonicalJson(lines.map(({ estimate: _, counts: __, ...line }) => line));
  };
  return Object.assign(walk, {
    ctx: ctxOf,
    stepOf,
    planText,
    async run(id: string): Promise<Verdict> {
      const { entry, kind, params } = stepOf(id);
      const planned = await planText(id);
      const ctx = ctxOf(entry);
      // A repair's plan names the rows that differ, and afterwards there are none: it is made twice before.
      const isListed = entry.params.listed === true;
      if (isListed && (await planText(id)) !== planned) throw new Error(`${id}: two plans differ`);
      await kind.run(ctx, params);
      if (!isListed && (await planText(id)) !== planned)
        throw new Error(`${id}: the plan after the run is another one:\n${planned}\n${await planText(id)}`);
      const verdict = await kind.check(ctx, params);
      walk.verdicts.set(id, verdict);
      return verdict;
    },
    async undo(id: string): Promise<void> {
      const { entry, kind, params } = stepOf(id);
      if (kind.undo !== 'nothing-to-undo') await kind.undo(ctxOf(entry), params);
    },
  }) as Walk;
}

/** Claims that are not green, as lines; empty = all passed. */
export const notPassed = (verdict: Verdict): string[] =>
  verdict.checkpoints
    .filter((one) => one.verdict !== 'passed')
    .map((one) => `${one.verdict} ${one.key}: ${one.claim}: ${one.evidence.summary}`);
