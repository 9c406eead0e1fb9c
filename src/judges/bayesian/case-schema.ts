import * as z from 'zod';
import { caseId, caseValue } from '../case-id.js';
import { kindOf } from './observations.js';

const Amount = z.int().min(0).nullish();
const limit = z.number().optional();

const Version = z
  .strictObject({
    name: z.string().min(1),
    /** All windows together; a missing one counts as no data. */
    counts: z.strictObject({ requests: Amount, errors: Amount }).nullish(),
    /** By metric, the mean of every window and the requests behind it. */
    means: z
      .record(z.string(), z.array(z.strictObject({ requests: Amount, mean: caseValue.nullish() }).nullable()))
      .nullish(),
  })
  .refine(({ counts }) => (counts?.errors ?? 0) <= (counts?.requests ?? Number.POSITIVE_INFINITY), {
    path: ['counts', 'errors'],
    message: 'is more than the requests: give at most as many',
  });

const Criterion = z.strictObject({
  metric: z.string(),
  upperLimit: limit,
  lowerLimit: limit,
  maxRatio: z.number().positive().optional(),
  minRatio: z.number().positive().optional(),
});

/** One case; the first version is the baseline. */
export const BayesianCase = z
  .strictObject({
    ...caseId,
    versions: z.array(Version).min(2),
    criteria: z.array(Criterion).default([]),
    rewards: z.array(z.strictObject({ metric: z.string(), preferredDirection: z.enum(['high', 'low']) })).default([]),
    minRequests: z.int().min(1).default(100).describe('that every version must have had'),
    winner: z.number().min(0).max(1).default(0.99).describe('the win probability above which there is a winner'),
    feasible: z.number().min(0).max(1).default(0.01).describe('the probability below which a criterion is not kept'),
    overdispersion: z.number().min(0).default(0).describe('of the counts, where they are of one window'),
  })
  .superRefine(({ versions, criteria, rewards }, context) => {
    versions.forEach(({ means }, at) => {
      const below = (means?.['latency-mean'] ?? []).findIndex((window) => (window?.mean ?? 0) < 0);
      const path = ['versions', at, 'means', 'latency-mean', below, 'mean'];
      if (below >= 0) context.addIssue({ code: 'custom', path, message: 'is negative: give 0 or more' });
    });
    const names = versions.map(({ name }) => name);
    const twice = names.findIndex((name, i) => names.indexOf(name) !== i);
    if (twice >= 0)
      context.addIssue({
        code: 'custom',
        path: ['versions', twice, 'name'],
        message: 'is there twice: give every version its own',
      });
    for (const [key, list] of Object.entries({ criteria, rewards })) {
      const odd = list.findIndex(({ metric }) => kindOf(metric) === undefined);
      if (odd < 0) continue;
      const message = 'has no posterior: use error-rate, latency-mean or the name of a gauge';
      context.addIssue({ code: 'custom', path: [key, odd, 'metric'], message });
    }
  });
export type BayesianCase = z.output<typeof BayesianCase>;
