import * as z from 'zod';
import { inheritedWords, isInherited } from '../../release/inherited-name.js';

/** What a metric of one's own is called. */
export const MetricName = z
  .string()
  .regex(/^[A-Za-z_][\w.-]{0,62}$/, 'is no name of a metric: use letters, digits, dots, dashes and underscores')
  .refine((name) => !isInherited(name), { error: `${inheritedWords}: use another one` });

/** What can be counted of a metric of one's own, in place of one value for each window. */
export const countedKinds = ['ratio', 'mean', 'histogram'] as const;
export type CountedKind = (typeof countedKinds)[number];

/** What everybody may say of a metric of their own. */
export const descriptionShape = {
  /** As people write it, such as `ms`. */
  unit: z.string().min(1).max(20).optional(),
  /** Which of two values is better. */
  preferredDirection: z.enum(['high', 'low']).optional(),
};
