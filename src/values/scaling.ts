import * as z from 'zod';
import { onDemand } from './on-demand.js';
import { MAX_PODS, QUANTITY } from './shapes.js';

/** A PodDisruptionBudget without its selector. */
export const DisruptionBudget = onDemand(() => {
  const count = podCount();
  return z.strictObject({
    minAvailable: count.optional().describe('a number of pods, or N%'),
    maxUnavailable: count.optional().describe('a number of pods, or N%'),
  });
});

function podCount() {
  return z.union([z.int().min(0).max(MAX_PODS), z.string().regex(/^\d+%$/, 'is no percentage: give a number or N%')], {
    error: 'is no number of pods: give an integer or N%',
  });
}

const quantityWords = 'is no quantity above 0: give a number such as 100, "500m" or "1.5Gi"';

function quantity() {
  return z.union(
    [
      z.number().positive(),
      z
        .string()
        .regex(new RegExp(QUANTITY), quantityWords)
        .refine((text) => !/^\+?[.0]+([^.0-9].*)?$/.test(text), { error: quantityWords }),
    ],
    { error: quantityWords },
  );
}

const targetKeys = ['averageUtilization', 'averageValue', 'value'] as const;

function target() {
  const Quantity = quantity();
  return z.strictObject({
    type: z.enum(['Utilization', 'AverageValue', 'Value']),
    averageUtilization: z.int().min(1).max(MAX_PODS).optional().describe('percent of what the pods request'),
    averageValue: Quantity.optional().describe('of each pod'),
    value: Quantity.optional().describe('of all together'),
  });
}

function selected() {
  return z.strictObject({
    name: z
      .string()
      .min(1)
      .regex(/^[^/%]+$/, 'is no name of a metric: leave out / and %'),
    selector: z.record(z.string(), z.unknown()).optional().describe('a selector of labels'),
  });
}

function describedObject() {
  return z.strictObject({
    apiVersion: z.string().optional(),
    kind: z.string().min(1),
    name: z.string().min(1),
  });
}

/** What a metric has beside its type. */
function sources() {
  const Target = target();
  const Selected = selected();
  return {
    resource: z.strictObject({ name: z.string().min(1), target: Target }),
    containerResource: z.strictObject({ name: z.string().min(1), container: z.string().min(1), target: Target }),
    pods: z.strictObject({ metric: Selected, target: Target }),
    object: z.strictObject({ describedObject: describedObject(), metric: Selected, target: Target }),
    external: z.strictObject({ metric: Selected, target: Target }),
  };
}
type Source = keyof ReturnType<typeof sources>;

/** The source of each type, and what its target gives: one of these. */
const types = {
  Resource: { source: 'resource', oneOf: ['averageUtilization', 'averageValue'] },
  ContainerResource: { source: 'containerResource', oneOf: ['averageUtilization', 'averageValue'] },
  Pods: { source: 'pods', oneOf: ['averageValue'] },
  Object: { source: 'object', oneOf: ['averageValue', 'value'] },
  External: { source: 'external', oneOf: ['averageValue', 'value'] },
} as const satisfies Record<string, { source: Source; oneOf: readonly (typeof targetKeys)[number][] }>;

const typeNames = Object.keys(types) as (keyof typeof types)[];

function metric() {
  const sourceOf = sources();
  return z
    .strictObject({
      type: z.enum(typeNames),
      resource: sourceOf.resource.optional().describe('with Resource: cpu or memory of the pods'),
      containerResource: sourceOf.containerResource.optional().describe('with ContainerResource: of one container'),
      pods: sourceOf.pods.optional().describe('with Pods: what each pod measures'),
      object: sourceOf.object.optional().describe('with Object: what is measured of another object'),
      external: sourceOf.external.optional().describe('with External: what is measured elsewhere'),
    })
    .superRefine((metric, context) => {
      const { source, oneOf } = types[metric.type];
      const custom = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
      for (const other of Object.keys(sourceOf) as Source[]) {
        if (other !== source && metric[other] !== undefined)
          custom([other], `stands beside type ${metric.type}, which reads ${source} alone: remove it`);
      }
      const given = metric[source];
      if (given === undefined) return custom([source], `is missing: type ${metric.type} needs it`);
      const counted = oneOf.filter((key) => given.target[key] !== undefined);
      if (counted.length === 1) return;
      const message = counted.length === 0 ? 'does not say how much' : 'says how much in two ways';
      custom([source, 'target'], `${message}: give ${oneOf.join(' or ')}`);
    });
}

function rules() {
  return z.strictObject({
    stabilizationWindowSeconds: z.int().min(0).max(3600).optional(),
    selectPolicy: z.enum(['Max', 'Min', 'Disabled']).optional(),
    policies: z
      .array(
        z.strictObject({
          type: z.enum(['Pods', 'Percent']),
          value: z.int().min(1).max(MAX_PODS),
          periodSeconds: z.int().min(1).max(1800),
        }),
      )
      .min(1)
      .optional(),
    tolerance: z.union([z.number().min(0), z.string()]).optional(),
  });
}

/** A HorizontalPodAutoscaler without its target, as in autoscaling/v2. */
export const Autoscaler = onDemand(() => {
  const Rules = rules();
  return z.strictObject({
    minReplicas: z.int().min(1).max(MAX_PODS).optional().describe('the fewest pods; default 1'),
    maxReplicas: z.int().min(1).max(MAX_PODS).describe('the most pods'),
    metrics: z.array(metric()).min(1).optional().describe('as in autoscaling/v2; default 80 % of the requested CPU'),
    behavior: z
      .strictObject({ scaleUp: Rules.optional(), scaleDown: Rules.optional() })
      .optional()
      .describe('as in autoscaling/v2'),
  });
});
