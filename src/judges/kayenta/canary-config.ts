import * as z from 'zod';
import { ConfigError, type Problem } from '../../errors.js';

/** The judge whose decisions are reproduced here, as configs name it. */
export const judgeName = 'NetflixACAJudge-v1.0';

/** How big a difference must be to count, as the effect of the experiment on the control. */
const EffectSize = z.object({
  /** `meanRatio`: mean of the experiment by mean of the control; `cles`: how often the experiment is above it. */
  measure: z.enum(['meanRatio', 'cles']).default('meanRatio'),
  /** No effect at all is the default of all four: 1, or ½ for `cles`. */
  allowedIncrease: z.number().optional(),
  allowedDecrease: z.number().optional(),
  criticalIncrease: z.number().optional(),
  criticalDecrease: z.number().optional(),
});

const Outliers = z
  .object({
    strategy: z.enum(['keep', 'remove']).default('keep'),
    /** How many quartile ranges beyond the quartiles a value may lie. */
    outlierFactor: z.number().default(3),
  })
  .refine(({ strategy, outlierFactor }) => strategy === 'keep' || outlierFactor > 0, {
    path: ['outlierFactor'],
    error: 'is not above 0: Give a factor above 0, or keep the outliers.',
  });

const MetricAnalysis = z.object({
  /** The direction in which a difference is bad. */
  direction: z.enum(['increase', 'decrease', 'either']).default('either'),
  /** What a missing value counts as: not there, or 0. */
  nanStrategy: z.enum(['remove', 'replace']).default('remove'),
  outliers: Outliers.prefault({}),
  effectSize: EffectSize.prefault({}),
  /** Whether the canary fails with this metric alone. */
  critical: z.boolean().default(false),
  /** Whether missing data count as a failure of this metric. */
  mustHaveData: z.boolean().default(false),
  /** Whether the metric is only shown. */
  muted: z.boolean().default(false),
});

const CanaryMetric = z.object({
  name: z.string().min(1),
  /** What fetches the values; for the sources to read, not for the judge. */
  query: z.looseObject({ type: z.string().optional() }).optional(),
  groups: z.array(z.string()).default([]),
  analysisConfigurations: z.object({ canary: MetricAnalysis.prefault({}) }).prefault({}),
  scopeName: z.string().default('default'),
});
export type CanaryMetric = z.output<typeof CanaryMetric>;

/** Scores from which on a canary passes, or is marginal; both inclusive. */
export const ScoreThresholds = z.object({ pass: z.number(), marginal: z.number() });
export type ScoreThresholds = z.output<typeof ScoreThresholds>;

/** A canary config of Kayenta, with its defaults. */
export const CanaryConfig = z.object({
  name: z.string().optional(),
  description: z.string().optional(),
  configVersion: z.string().optional(),
  applications: z.array(z.string()).default([]),
  judge: z.looseObject({ name: z.string() }).default({ name: judgeName }),
  metrics: z.array(CanaryMetric).default([]),
  /** Filters by the name that a query calls them by. */
  templates: z.record(z.string(), z.string()).default({}),
  classifier: z
    .object({
      /** Percent that a group counts; groups without one share what is left of 100. */
      groupWeights: z.record(z.string(), z.number()).default({}),
      scoreThresholds: ScoreThresholds.optional(),
    })
    .prefault({}),
});
export type CanaryConfig = z.output<typeof CanaryConfig>;

/** A config, and what of it has no effect here. */
export interface ReadConfig {
  readonly config: CanaryConfig;
  readonly remarks: readonly Remark[];
}

/** Something in a config that has no effect here. */
export interface Remark {
  /** Such as `metrics.0.query`. */
  readonly path: string;
  readonly message: string;
}

/**
 * Returns a canary config from its JSON. Foreign keys and another judge's name are remarks, as other judges and newer
 * versions have theirs; what would change the judgement is an error, where Kayenta takes a default without a word.
 *
 * @param file where it comes from, for errors
 * @throws ConfigError with every problem at once: unknown words with those that are allowed, and two metrics of one name
 */
export function readCanaryConfig(json: unknown, file: string): ReadConfig {
  const result = CanaryConfig.safeParse(json, { reportInput: true });
  const problems = result.success ? duplicates(result.data, file) : result.error.issues.map(problemIn(file));
  if (result.success && problems.length === 0) {
    return { config: result.data, remarks: [...otherJudge(result.data), ...foreignKeys(json, result.data)] };
  }
  const [first] = problems;
  const told = `${first?.path} ${first?.message}`.trim();
  const more = problems.length > 1 ? `, and ${problems.length - 1} more` : '';
  throw new ConfigError(`Cannot use ${file} as a canary config: ${told}${more}`, {
    code: 'judges/canary-config',
    path: file,
    problems,
  });
}

function problemIn(file: string): (issue: z.core.$ZodIssue) => Problem {
  return (issue) => ({ file, path: issue.path.map(String).join('.'), ...wording(issue) });
}

function wording(issue: z.core.$ZodIssue): Pick<Problem, 'message' | 'hint'> {
  if (issue.code === 'invalid_value') {
    return {
      message: `is ${JSON.stringify(issue.input)}`,
      hint: `Allowed are: ${issue.values.map(String).join(', ')}.`,
    };
  }
  if (issue.code === 'too_small') return { message: 'is empty', hint: 'Give it a name.' };
  if (issue.code !== 'invalid_type') {
    const [message = '', hint] = issue.message.split(': ');
    return hint === undefined ? { message } : { message, hint };
  }
  const { input, expected } = issue;
  const wanted = nouns[expected] ?? expected;
  if (input === undefined) return { message: 'is missing', hint: `Give ${wanted}.` };
  const message = `is ${JSON.stringify(input)}, not ${wanted}`;
  if (input === null) return { message, hint: `Give ${wanted}, or take it out for the default.` };
  const quoted =
    expected === 'number' && typeof input === 'string' && input.trim() !== '' && Number.isFinite(Number(input));
  return { message, hint: quoted ? 'Write it without quotes.' : `Give ${wanted}.` };
}

const nouns: { readonly [expected: string]: string } = {
  object: 'an object',
  record: 'an object',
  array: 'a list',
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
};

function duplicates({ metrics }: CanaryConfig, file: string): Problem[] {
  return metrics.flatMap(({ name }, i) => {
    const earlier = metrics.findIndex((metric) => metric.name === name);
    if (earlier === i) return [];
    const message = `is ${JSON.stringify(name)}, as metrics.${earlier}.name is`;
    return [{ file, path: `metrics.${i}.name`, message, hint: 'Give every metric a name of its own.' }];
  });
}

function otherJudge({ judge }: CanaryConfig): Remark[] {
  if (judge.name === judgeName) return [];
  const message = `${JSON.stringify(judge.name)} is kept, but judged is as ${judgeName} does`;
  return [{ path: 'judge.name', message }];
}

/** The keys of the JSON that the schema let fall, as paths. */
function foreignKeys(json: unknown, known: unknown, path = ''): Remark[] {
  if (!isObject(json) || !isObject(known)) return [];
  return Object.entries(json).flatMap(([key, value]) => {
    const here = path === '' ? key : `${path}.${key}`;
    if (Object.hasOwn(known, key)) return foreignKeys(value, known[key], here);
    return [{ path: here, message: 'has no effect here' }];
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
