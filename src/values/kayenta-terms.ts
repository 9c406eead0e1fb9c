import * as z from 'zod';
import { onDemand } from './on-demand.js';

/** What an objective says of a metric to Kayenta, in its words; see judges/kayenta/canary-config. */
export const KayentaTerms = onDemand(() =>
  z.strictObject({
    groups: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe('what it is scored with; default one group for all that name none'),
    direction: z
      .enum(['increase', 'decrease', 'either'])
      .optional()
      .describe('which way is worse; default by the limits and the metric'),
    nanStrategy: z
      .enum(['remove', 'replace'])
      .optional()
      .describe('whether a window without a value is left out (default) or counts as 0'),
    outliers: z
      .strictObject({ strategy: z.enum(['keep', 'remove']), outlierFactor: z.number().positive().optional() })
      .optional()
      .describe('whether values far beyond the others are left out; default keep'),
    effectSize: z
      .strictObject({
        measure: z.enum(['meanRatio', 'cles']).optional(),
        allowedIncrease: z.number().optional(),
        allowedDecrease: z.number().optional(),
        criticalIncrease: z.number().optional(),
        criticalDecrease: z.number().optional(),
      })
      .optional()
      .describe('how large a difference must be to count'),
    critical: z.boolean().optional().describe('whether the candidate fails with this metric alone; default false'),
    mustHaveData: z
      .boolean()
      .optional()
      .describe('whether missing data count as a fail of this metric; default false, nothing passes without them'),
    muted: z.boolean().optional().describe('whether it is shown only and counts for nothing; default false'),
  }),
);
