import * as z from 'zod';
import type { Json } from '../release/json.js';
import { toYaml } from '../synth/yaml-writer.js';
import { checkShape } from '../values/check-shape.js';
import { parseSourceText } from '../values/source-text.js';
import { outcomes, phases } from './phases/state.js';

const Time = z.iso.datetime();

const Assessment = z.strictObject({
  metric: z.string(),
  classification: z.string(),
  value: z.number().optional(),
  baseline: z.number().optional(),
  limit: z.number().optional(),
});

/** A version that needs no more judging, as it was when that was found. */
const Settled = z.strictObject({
  name: z.string(),
  /** Hash of the version's spec without the scalars that the evaluator owns. */
  identity: z.string(),
  outcome: z.enum(outcomes),
  at: Time,
  /** Whether cleanup leaves its entry: who puts back what was taken out wants it. */
  stays: z.boolean().optional(),
});

/** A further candidate that is under analysis beside the first. */
const Other = z.strictObject({
  name: z.string(),
  identity: z.string(),
  share: z.int().min(0).max(100).optional(),
  startedAt: Time.optional(),
  judged: z.boolean().optional(),
  verdict: z.string().optional(),
  assessments: z.array(Assessment).optional(),
});

/** A version as the last look found it. */
const VersionReport = z.strictObject({
  name: z.string(),
  /** The percent that it has by the decision. */
  weight: z.number(),
  /** In the windows that were looked at. */
  requests: z.number(),
  outcome: z.string().optional(),
  message: z.string().optional(),
  /** Where the judge gives any. */
  winProbability: z.number().optional(),
  /** What is measured to be shown; without a value where nobody has one. */
  indicators: z.array(z.strictObject({ metric: z.string(), value: z.number().optional() })).optional(),
  /** With the natural logarithms of the evidence that it is worse and that it is not, where the judge gives any. */
  assessments: z
    .array(Assessment.extend({ harm: z.number().optional(), nonInferiority: z.number().optional() }))
    .optional(),
});

/** A version as the last look found it. */
export type VersionReport = z.infer<typeof VersionReport>;

const Condition = z.strictObject({
  type: z.enum(['MetricsSynced', 'TargetsProvided', 'RoutingRulesReady', 'Completed']),
  status: z.enum(['True', 'False', 'Unknown']),
  reason: z.string(),
  message: z.string(),
  lastTransitionTime: Time,
});

/** One thing that has to be so, as Kubernetes writes it. */
export type Condition = z.infer<typeof Condition>;

const FromZero = z.number().min(0);

/** What was seen of the baseline before the first candidate entered; see `History` of src/release/judge.ts. */
const StatusHistory = z.strictObject({
  /** How many windows told of its pods, and of how many. */
  windows: z.int().min(0),
  pods: z.int().min(0),
  overdispersion: z.record(z.string(), FromZero).optional(),
  autocorrelation: z.record(z.string(), FromZero.lt(1)).optional(),
  bounds: z.record(z.string(), z.number().positive()).optional(),
  spread: z.record(z.string(), z.strictObject({ squares: FromZero, intervals: z.int().min(0) })).optional(),
});

/** What was seen of the baseline before the first candidate entered. */
export type StatusHistory = z.infer<typeof StatusHistory>;

/** What the evaluator remembers of a release between its decisions: `status.yaml`. */
export const Status = z.strictObject({
  phase: z.enum(phases),
  /** Decisions of this release so far. */
  iteration: z.int().min(0),
  /** The primary after the last decision; another one in the values is a person's doing. */
  primary: z.string().optional(),
  /** Hash of what the primary was then: another one pauses the analysis. */
  primaryIdentity: z.string().optional(),
  /** Whom the primary replaced, while there may be a way back. */
  former: z.string().optional(),
  /** The version under analysis, or the one that was decided on last. */
  candidate: z.string().optional(),
  identity: z.string().optional(),
  /** The percent that the candidate was given by the last decision. */
  share: z.int().min(0).max(100).optional(),
  /** When the candidate was first exposed; once an analysis is over, when its first one was. */
  startedAt: Time.optional(),
  /** Whether a verdict has raised its share; until then it has at most the entry share. */
  judged: z.boolean().optional(),
  /** Where the windows of this share begin, on a multiple of the interval. */
  since: Time.optional(),
  /** Requests of a window before the candidate was exposed. */
  traffic: z.int().min(0).optional(),
  /** What was seen before; absent where nobody has looked, so that it is assumed. */
  history: StatusHistory.optional(),
  /** Since when the metrics cannot be read, where the rollout has a budget for that. */
  metricsDownSince: Time.optional(),
  /** The fresh baseline: since when it is deployed, or is leaving. */
  baseline: z.strictObject({ name: z.string(), since: Time, leaving: z.boolean().optional() }).optional(),
  /** Why nothing advances until a person says so. */
  paused: z.string().optional(),
  message: z.string(),
  verdict: z.string().optional(),
  assessments: z.array(Assessment).optional(),
  /** Those that are under analysis with the candidate. */
  others: z.array(Other).optional(),
  /** What it is by its candidates and rewards, as Iter8 calls it. */
  type: z.enum(['Canary', 'A/B', 'A/B/N']).optional(),
  winner: z.strictObject({ currentBest: z.string(), found: z.boolean() }).optional(),
  versions: z.array(VersionReport).optional(),
  conditions: z.array(Condition).optional(),
  updatedAt: Time.optional(),
  /** When an analysis came to its end. */
  endedAt: Time.optional(),
  /** Since when it is paused. */
  pausedAt: Time.optional(),
  settled: z.array(Settled),
});

/** What the evaluator remembers of a release between its decisions. */
export type Status = z.infer<typeof Status>;

/** What a status tells people of a look; none of it is read back but the times of the conditions. */
export type Report = Pick<Status, 'type' | 'winner' | 'versions' | 'conditions' | 'updatedAt' | 'endedAt' | 'pausedAt'>;

/** A version that needs no more judging. */
export type Settled = z.infer<typeof Settled>;

/** The status of a release that nothing was decided on. */
export const initialStatus: Status = { phase: 'Initializing', iteration: 0, message: '', settled: [] };

const header =
  '# Written by sluice evaluate: what it decided last, and why. What is changed here changes what it does next.\n';

/**
 * Reads the text of a `status.yaml`; undefined means that there is none yet.
 *
 * @throws ConfigError with positions when a person broke it
 */
export function parseStatus(text: string | undefined, file: string): Status {
  return text === undefined ? initialStatus : checkShape(parseSourceText(text, file), Status);
}

/** Returns the text of a `status.yaml`. */
export function formatStatus(status: Status): string {
  // Through the schema, so that the keys stand in its order however the status was put together.
  return header + toYaml(JSON.parse(JSON.stringify(Status.parse(status))) as Json);
}
