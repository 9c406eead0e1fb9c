import * as z from 'zod';
import type { Json } from '../release/json.js';
import { toYaml } from '../synth/yaml-writer.js';
import { checkShape } from '../values/check-shape.js';
import { parseSourceText } from '../values/source-text.js';

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
  outcome: z.enum(['promoted', 'replaced', 'rolled back', 'terminated']),
  at: Time,
});

/** What the evaluator remembers of a release between its decisions: `status.yaml`. */
export const Status = z.strictObject({
  phase: z.enum(['Initializing', 'Progressing', 'Paused', 'Inconclusive', 'Completed', 'RolledBack', 'Terminated']),
  /** Decisions of this release so far. */
  iteration: z.int().min(0),
  /** The primary after the last decision; another one in the values is a person's doing. */
  primary: z.string().optional(),
  /** The version under analysis, or the one that was decided on last. */
  candidate: z.string().optional(),
  identity: z.string().optional(),
  /** The percent that the candidate was given by the last decision. */
  share: z.int().min(0).max(100).optional(),
  /** When the candidate was first exposed. */
  startedAt: Time.optional(),
  /** Where the windows of this share begin, on a multiple of the interval. */
  since: Time.optional(),
  /** Requests of a window before the candidate was exposed. */
  traffic: z.int().min(0).optional(),
  message: z.string(),
  verdict: z.string().optional(),
  assessments: z.array(Assessment).optional(),
  settled: z.array(Settled),
});

/** What the evaluator remembers of a release between its decisions. */
export type Status = z.infer<typeof Status>;

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
