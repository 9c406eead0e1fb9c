import * as z from 'zod';
import { environments } from '../environments/registry.js';
import { type JudgeId, judges } from '../judges/registry.js';
import { type PolicyId, policies } from '../policies/registry.js';
import { metricIds } from '../release/evaluation.js';
import { strategies } from '../strategies/registry.js';
import { DnsLabel, ServiceName } from './dns-label.js';
import { Duration } from './duration.js';

/** The accepted names of a registry: ids first, then aliases. */
function namesOf(registry: Record<string, { readonly aliases: readonly string[] }>): [string, ...string[]] {
  const ids = Object.keys(registry);
  const aliases = Object.values(registry).flatMap((entry) => entry.aliases);
  return [...ids, ...aliases] as [string, ...string[]];
}

const Port = z.int().min(1).max(65_535);
const Labels = z.record(z.string(), z.string());

/** A partial Deployment, merged strategically over the generated one; `null` removes a field. */
const DeploymentOverlay = z.strictObject({
  metadata: z.strictObject({ labels: Labels.optional(), annotations: Labels.optional() }).optional(),
  spec: z.record(z.string(), z.unknown()).optional(),
});

const StringMatch = z.union(
  [
    z.strictObject({ exact: z.string() }),
    z.strictObject({ prefix: z.string() }),
    z.strictObject({ regex: z.string() }),
  ],
  { error: 'needs one of exact, prefix or regex, with a string' },
);

/** Istio's HTTPMatchRequest; what only Istio knows is kept as written. */
const IstioMatch = z.looseObject({
  headers: z.record(z.string(), StringMatch).optional(),
  queryParams: z.record(z.string(), StringMatch).optional(),
  uri: StringMatch.optional(),
  method: z.strictObject({ exact: z.string() }).optional(),
});

const GatewayNamedMatch = z.strictObject({
  type: z.enum(['Exact', 'RegularExpression']).optional(),
  name: z.string(),
  value: z.string(),
});

/** The Gateway API's HTTPRouteMatch. */
const GatewayMatch = z.strictObject({
  headers: z.array(GatewayNamedMatch).optional(),
  queryParams: z.array(GatewayNamedMatch).optional(),
  path: z
    .strictObject({
      type: z.enum(['Exact', 'PathPrefix', 'RegularExpression']).optional(),
      value: z.string().optional(),
    })
    .optional(),
  method: z.string().optional(),
});

const Version = z.strictObject({
  metadata: z
    .strictObject({ name: ServiceName.optional(), labels: Labels.optional(), annotations: Labels.optional() })
    .nullish()
    .describe('name defaults to <application>-<position>; it names the Deployment, the Service and the container'),
  image: z.string().regex(/^\S+$/, 'is no image: give NAME:TAG without blanks').optional(),
  port: Port.optional(),
  weight: z.int().min(0).max(1_000_000).nullish().describe('share in proportion to the others; 0 is no traffic'),
  routed: z.boolean().nullish().describe('false takes the version out of every route'),
  match: z.array(IstioMatch).min(1).optional().describe("canary: Istio's form of a match"),
  matches: z.array(GatewayMatch).min(1).optional().describe("canary: the Gateway API's form of a match"),
  deployment: DeploymentOverlay.optional(),
});

const Application = z.strictObject({
  metadata: z
    .strictObject({
      name: ServiceName.optional(),
      namespace: DnsLabel.optional(),
      labels: Labels.optional(),
      annotations: Labels.optional(),
    })
    .nullish(),
  strategy: z.enum(namesOf(strategies)).optional(),
  port: Port.optional(),
  primary: ServiceName.nullish().describe('the version that serves what no rule sends elsewhere; default the first'),
  hosts: z
    .array(z.strictObject({ name: z.string().min(1), gateway: z.string().min(1) }))
    .optional()
    .describe('host names outside the mesh and the gateways that serve them'),
  versionHeader: z.boolean().optional().describe('whether responses carry app-version; default true'),
  deployment: DeploymentOverlay.optional(),
  versions: z.array(Version).min(1),
});

const Objective = z
  .strictObject({
    metric: z.enum(metricIds),
    upperLimit: z.number().optional(),
    lowerLimit: z.number().optional(),
    maxRatio: z.number().positive().optional(),
    minRatio: z.number().positive().optional(),
  })
  .refine(({ metric: _, ...limits }) => Object.values(limits).some((limit) => limit !== undefined), {
    error: 'has no limit: give upperLimit, lowerLimit, maxRatio or minRatio',
  });

const Analysis = z.strictObject({
  interval: Duration.describe('length of a window, such as 60s'),
  maxDuration: Duration.optional().describe('after it an analysis counts as inconclusive; default 1h'),
  judge: z.enum(Object.keys(judges) as [JudgeId]),
  minRequests: z.int().min(1).optional().describe('what each version must have answered before a verdict; default 100'),
  objectives: z.array(Objective).min(1),
});

const Rollout = z.strictObject({
  policy: z.enum(Object.keys(policies) as [PolicyId]),
  steps: z.array(z.int().min(1).max(100)).min(1).describe('percents that a candidate passes through, rising'),
  onInconclusive: z.enum(['hold', 'rollback', 'promote']).optional().describe('default hold'),
});

/** The values of one release, as a person writes them: strict, before any default. */
export const Values = z.strictObject({
  environment: z.enum(namesOf(environments)),
  gateway: z.string().min(1).optional().describe('a gateway beside the mesh: name or namespace/name'),
  application: Application,
  analysis: Analysis.optional(),
  rollout: Rollout.optional(),
});

/** The values of one release. */
export type Values = z.infer<typeof Values>;
