import * as z from 'zod';
import { type JudgeId, judges } from '../judges/registry.js';
import { type PolicyId, policies } from '../policies/registry.js';
import { Duration, DurationOrNone } from './duration.js';
import { KayentaTerms } from './kayenta-terms.js';
import { Metric } from './metric-names.js';
import { onDemand } from './on-demand.js';
import { PlainLine } from './plain-line.js';
import { FreezeFile } from './project/freeze.js';
import { ScheduleFile } from './schedule.js';

const numeric = z.number({
  error: ({ input }) =>
    perCent(input, (percents) => `is no number: write a share as ${Number((percents / 100).toPrecision(12))}`) ??
    timed(input),
});

const Margin = onDemand(() =>
  z.strictObject({
    ratio: z.number().positive().describe("times the primary's value"),
    difference: z.number().min(0).describe('plus this, in the unit of the metric'),
  }),
);

const Objective = z.strictObject({
  metric: Metric.describe('what is measured, per version'),
  upperLimit: numeric.optional().describe("the candidate's value may not be above it"),
  lowerLimit: numeric.optional().describe("the candidate's value may not be below it"),
  maxRatio: z
    .number()
    .positive()
    .optional()
    .describe("the candidate's value, divided by the primary's, may not be above it"),
  minRatio: z
    .number()
    .positive()
    .optional()
    .describe("the candidate's value, divided by the primary's, may not be below it"),
  harm: Margin.optional().describe('sequential: from where on the candidate counts as worse than the primary'),
  nonInferiority: Margin.optional().describe('sequential: up to where it counts as no worse than the primary'),
  kayenta: KayentaTerms.optional().describe('kayenta: how this metric is compared and scored'),
});

const Reward = onDemand(() =>
  z.strictObject({
    metric: Metric.describe('what is measured, per version'),
    preferredDirection: z.enum(['high', 'low']).describe('which value is the better one'),
  }),
);

const share = numeric.min(0).max(1);
const chance = numeric.gt(0).lt(1);
const score = z.number().min(0).max(100);

const settings = {
  sequential: onDemand(() =>
    z.strictObject({
      falseRollback: chance.optional().describe('the most false rollbacks; default 0.01'),
      falsePromotion: chance.optional().describe('the most false promotions; default 0.05'),
    }),
  )
    .optional()
    .describe('settings of the judge sequential'),
  kayenta: onDemand(() =>
    z.strictObject({
      windows: z.int().min(1).optional().describe('it looks at every so many windows; default 30'),
      pass: score.optional().describe('the score that passes; default 95'),
      marginal: score.optional().describe('the score that is marginal; default 75'),
      groupWeights: z
        .record(z.string().min(1), score)
        .optional()
        .describe('percent that a group of objectives counts; the others share what is left of 100'),
    }),
  )
    .optional()
    .describe('settings of the judge kayenta'),
  bayesian: onDemand(() =>
    z.strictObject({
      winner: numeric
        .min(0.5)
        .max(1)
        .optional()
        .describe('the win probability above which there is a winner; default 0.99'),
      feasible: share
        .optional()
        .describe('the probability of keeping an objective below which a candidate fails; default 0.01'),
    }),
  )
    .optional()
    .describe('settings of the judge bayesian'),
  threshold: onDemand(() =>
    z.strictObject({
      windows: z.enum(['all', 'each']).optional().describe('all windows together (default), or each for itself'),
      failures: z.int().min(0).optional().describe('failing windows that are allowed; default 0'),
      consecutiveFailures: z.int().min(0).optional().describe('failing windows in a row that are allowed'),
    }),
  )
    .optional()
    .describe('settings of the judge threshold'),
};

const noLookback = 'is no lookback: write growing, or a duration such as 30m';

const Lookback = z
  .string({ error: noLookback })
  .regex(/^(growing|[0-9]{1,6}(h([0-9]{1,6}m)?([0-9]{1,6}s)?|m([0-9]{1,6}s)?|s))$/, { error: noLookback, abort: true })
  .refine((text) => text === 'growing' || /[1-9]/.test(text), noLookback);

/** How a candidate is compared with the primary. */
export const Analysis = z.strictObject({
  use: z.string().min(1).optional().describe('an analysis of sluice.yaml, whose keys hold where these say nothing'),
  interval: Duration.describe('length of a window, such as 60s'),
  warmUp: DurationOrNone.optional().describe(
    'how long a candidate that entered is not looked at yet; the durations of the analysis count from its end; default 0s',
  ),
  minDuration: Duration.optional().describe(
    'before it nothing is promoted; default 1h, or maxDuration where that is shorter; none with steps',
  ),
  maxDuration: Duration.optional().describe('after it an analysis counts as inconclusive; default 3h'),
  maxIterations: z
    .int()
    .min(1)
    .optional()
    .describe('in place of maxDuration: after so many intervals an analysis counts as inconclusive'),
  lookback: Lookback.optional().describe(
    'the windows that a look rests on: growing, all since the analysis began, or those of the last so long, such as 30m (kayenta and threshold); default as the judge has it',
  ),
  judge: z
    .enum(Object.keys(judges) as [JudgeId])
    .optional()
    .describe('how a verdict follows from the objectives; default sequential'),
  baseline: z
    .enum(['primary', 'fresh'])
    .optional()
    .describe(
      "what candidates are compared with: the primary (default), or a fresh copy of it at the candidate's size, which is deployed for that",
    ),
  minRequests: z.int().min(1).optional().describe('what each version must have answered before a verdict; default 100'),
  objectives: z.array(Objective).min(1).describe('what a candidate must keep'),
  rewards: z.array(Reward).optional().describe('what decides between versions that keep every objective'),
  indicators: z
    .array(Metric)
    .min(1)
    .optional()
    .describe('metrics that are measured and shown of every version; nothing is judged by them'),
  ...settings,
});

/** What an analysis says that says not all, or that another one stands above. */
export const AnalysisPart = Analysis.partial();

const percent = z
  .int({ error: ({ input }) => perCent(input, (percents) => `is no number: write ${percents}`) ?? shareOf(input) })
  .min(1)
  .max(100);

const noPercent = 'is no percent: write a whole number from 0 to 100';

const noPause =
  'is no pause: write true until a person takes it out, or leave it out; for a time give the step a duration';

const Step = z.strictObject({
  weight: percent.describe('percent'),
  duration: Duration.optional().describe('how long a candidate stays at least'),
  pause: z.literal(true, { error: noPause }).optional().describe('it stays until a person takes this line out'),
});

const Override = onDemand(() =>
  z.strictObject({
    action: z
      .enum(['pause', 'resume', 'terminate'], {
        error: 'is no wish that is known: write pause, resume or terminate, or remove override to go on',
      })
      .describe(
        'pause: it neither advances nor is promoted; what fails is rolled back all the same. resume: it goes on where the evaluator would pause by itself. terminate: the analysis ends',
      ),
    split: z
      .record(z.string(), z.int({ error: noPercent }).min(0).max(100))
      .optional()
      .describe(
        'with terminate: the percents that versions end with, by name; the primary has what the others leave, and where that is nothing, who has the most takes its place',
      ),
    by: PlainLine.optional().describe('who asked for it'),
    reason: PlainLine.optional().describe('why'),
  }),
);

const Budget = onDemand(() =>
  z.strictObject({
    hold: Duration.describe('how long the candidates stay where they are'),
    // biome-ignore lint/suspicious/noThenProperty: it is a schema, and the values hold a word, which nothing awaits
    then: z
      .enum(['hold', 'rollback', 'ask'])
      .describe('what then: stay on, roll back, or pause until a person says how to go on'),
  }),
);

/** How a candidate moves on. */
export const Rollout = z.strictObject({
  policy: z
    .enum(Object.keys(policies) as [PolicyId])
    .optional()
    .describe('how a decision follows from a verdict; default risk-budget'),
  steps: z
    .array(z.union([percent, Step]))
    .min(1)
    .optional()
    .describe('percents that a candidate passes through, rising'),
  entryShare: percent.optional().describe('the most that a candidate gets before a first verdict, in percent'),
  maxIncrement: percent.optional().describe('the most that a share grows at once, in percent; default 2'),
  maxCandidateWeight: percent.optional().describe('the most that a candidate gets before it is promoted; default 100'),
  onTermination: z
    .enum(['to-winner', 'to-baseline', 'keep-last'])
    .optional()
    .describe('what a conclusion leads to; default to-winner'),
  onInconclusive: z
    .enum(['hold', 'rollback', 'promote'])
    .optional()
    .describe('what an inconclusive analysis leads to; default hold'),
  rollbackWindow: DurationOrNone.optional().describe(
    'how long a promotion is watched, with a way back to the version before; default 0s, not at all',
  ),
  cleanup: z
    .boolean()
    .optional()
    .describe(
      'whether the entries of the version before, and of candidates that failed or lost, go once no request reaches them; default false',
    ),
  onNoData: Budget.optional().describe('while somebody has no data, though the metrics can be read'),
  onMetricsDown: Budget.optional().describe('while the metrics cannot be read'),
  schedule: ScheduleFile.optional().describe('when nothing may advance; what fails is rolled back all the same'),
  freeze: FreezeFile.optional().describe(
    'nothing advances until its end; what fails is rolled back all the same; sluice freeze writes it',
  ),
  override: Override.optional().describe('what a person wants meanwhile; sluice pause and resume write it'),
});

/** Returns the words on a text such as `50%`, of which nobody needs to guess the number; undefined for anything else. */
function perCent(input: unknown, words: (percents: number) => string): string | undefined {
  const [, percents] = /^\s*(\d+(?:\.\d+)?)\s*%\s*$/.exec(String(input)) ?? [];
  return percents === undefined ? undefined : words(Number(percents));
}

/** Returns the words on a text such as `0.3s`: latencies are in milliseconds; undefined for anything else. */
function timed(input: unknown): string | undefined {
  const [, value, unit] = /^\s*(\d+(?:\.\d+)?)\s*(ms|s)\s*$/.exec(String(input)) ?? [];
  if (value === undefined) return undefined;
  return `is no number: latencies are in milliseconds, so write ${Number((Number(value) * (unit === 's' ? 1000 : 1)).toPrecision(12))}`;
}

/** Returns the words on a share such as `0.05` where percents are written; undefined for anything else. */
function shareOf(input: unknown): string | undefined {
  if (typeof input !== 'number' || input <= 0 || input >= 1) return undefined;
  const percents = Math.max(1, Math.round(input * 100));
  return `is no whole percent: write ${percents} for ${percents} %`;
}

/** The settings of judges, by their ids. */
export const judgeSettings = Object.keys(settings) as readonly (keyof typeof settings)[];
