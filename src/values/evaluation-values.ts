import * as z from 'zod';
import { type JudgeId, judges } from '../judges/registry.js';
import { type PolicyId, policies } from '../policies/registry.js';
import { metricIds } from '../release/evaluation.js';
import { Duration } from './duration.js';

const Objective = z
  .strictObject({
    metric: z.enum(metricIds).describe('what is measured, per version'),
    upperLimit: z.number().optional().describe("the candidate's value may not be above it"),
    lowerLimit: z.number().optional().describe("the candidate's value may not be below it"),
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
  })
  .refine(({ metric: _, ...limits }) => Object.values(limits).some((limit) => limit !== undefined), {
    error: 'has no limit: give upperLimit, lowerLimit, maxRatio or minRatio',
  });

/** How a candidate is compared with the primary. */
export const Analysis = z.strictObject({
  interval: Duration.describe('length of a window, such as 60s'),
  maxDuration: Duration.optional().describe('after it an analysis counts as inconclusive; default 1h'),
  judge: z.enum(Object.keys(judges) as [JudgeId]).describe('how a verdict follows from the objectives'),
  minRequests: z.int().min(1).optional().describe('what each version must have answered before a verdict; default 100'),
  objectives: z.array(Objective).min(1).describe('what a candidate must keep, each with at least one limit'),
});

/** How a candidate moves on. */
export const Rollout = z.strictObject({
  policy: z.enum(Object.keys(policies) as [PolicyId]).describe('how a decision follows from a verdict'),
  steps: z.array(z.int().min(1).max(100)).min(1).describe('percents that a candidate passes through, rising'),
  onInconclusive: z
    .enum(['hold', 'rollback', 'promote'])
    .optional()
    .describe('what an inconclusive analysis leads to; default hold'),
});
