import * as z from 'zod';
import { type JudgeId, judges } from '../judges/registry.js';
import { type PolicyId, policies } from '../policies/registry.js';
import { metricIds } from '../release/evaluation.js';
import { DnsLabel, ServiceName } from './dns-label.js';
import { Duration } from './duration.js';
import { defaultRegistry, type Registry } from './lookup.js';
import { matchForms } from './match-forms.js';
import { Labels, maybe, Port } from './shapes.js';

/** The accepted names of a registry: ids first, then aliases. */
function namesOf(registry: Record<string, { readonly aliases: readonly string[] }>): [string, ...string[]] {
  const ids = Object.keys(registry);
  const aliases = Object.values(registry).flatMap((entry) => entry.aliases);
  return [...ids, ...aliases] as [string, ...string[]];
}

const Annotations = z.record(z.string(), z.string());
/** A part of an object, merged strategically over the generated one; `null` removes a field. */
const Overlay = z.strictObject({
  metadata: z.strictObject({ labels: maybe(Labels), annotations: maybe(Annotations) }).optional(),
  spec: z.record(z.string(), z.unknown()).optional(),
});

const Fields = z.record(z.string(), z.unknown());

const Metadata = z.strictObject({
  name: ServiceName.optional(),
  namespace: DnsLabel.optional(),
  labels: maybe(Labels),
  annotations: maybe(Annotations),
});

/** Metadata and spec in place of the generated ones, as in Iter8. */
const Specification = z.strictObject({
  metadata: Metadata.nullish(),
  spec: Fields.optional(),
});

const ServiceSpecification = Specification.extend({
  ports: z
    .array(z.looseObject({ port: Port }))
    .optional()
    .describe('where Iter8 looks for the port of the route; spec.ports is what is rendered'),
});

/** What a KServe version may take from its application. */
const servedModel = {
  modelFormat: z.string().min(1).optional().describe('KServe and ModelMesh: such as sklearn'),
  runtime: z.string().min(1).optional().describe('KServe: the ServingRuntime; without it KServe chooses'),
  protocolVersion: z.enum(['v1', 'v2', 'grpc-v1', 'grpc-v2']).optional(),
  ports: z
    .array(z.strictObject({ containerPort: Port, name: z.string().optional(), protocol: z.string().optional() }))
    .optional()
    .describe('KServe: the ports of the model server'),
  inferenceService: Overlay.optional().describe('merged over the generated InferenceService'),
};

const GatewayName = z
  .string()
  .regex(
    /^([a-z0-9]([-a-z0-9]*[a-z0-9])?\/)?[a-z0-9]([-.a-z0-9]*[a-z0-9])?$/,
    'is no name of a gateway: give NAME or NAMESPACE/NAME',
  );

const PodCount = z.union([z.int().min(0), z.string().regex(/^\d+%$/, 'is no percentage: give a number or N%')], {
  error: 'is no number of pods: give an integer or N%',
});

/** What any version may take from its application. */
const shared = {
  port: Port.optional(),
  appProtocol: z.string().min(1).optional().describe('what the port speaks, such as http or grpc'),
  deployment: Overlay.optional().describe('merged over the generated Deployment'),
  autoscaler: z
    .strictObject({
      minReplicas: z.int().min(1).optional(),
      maxReplicas: z.int().min(1),
      metrics: z.array(Fields).min(1).optional().describe('as in autoscaling/v2; default 80 % of the requested CPU'),
      behavior: Fields.optional(),
    })
    .optional()
    .describe('a HorizontalPodAutoscaler per version'),
  disruptionBudget: z
    .strictObject({ minAvailable: PodCount.optional(), maxUnavailable: PodCount.optional() })
    .optional()
    .describe('a PodDisruptionBudget per version: one of the two'),
  ...servedModel,
};

const External = z
  .strictObject({
    service: ServiceName.optional(),
    deployment: DnsLabel.optional(),
    labels: maybe(Labels).describe("of the Deployment's pods; default app: <deployment>"),
    port: Port.optional(),
  })
  .refine(({ service, deployment }) => (service === undefined) !== (deployment === undefined), {
    error: 'needs one of the two: give service or deployment',
  });

const Version = z.strictObject({
  metadata: Metadata.nullish().describe(
    'name defaults to <application>-<position>; it names the workload, the Service and the container',
  ),
  image: z.string().regex(/^\S+$/, 'is no image: give NAME:TAG without blanks').optional(),
  weight: z.int().min(0).max(1_000_000).nullish().describe('share in proportion to the others; 0 is no traffic'),
  routed: z.boolean().nullish().describe('false takes the version out of every route'),
  storageUri: z.string().min(1).optional().describe('KServe and ModelMesh: where the model lies'),
  deploymentSpecification: Specification.optional().describe('in place of the generated Deployment'),
  serviceSpecification: ServiceSpecification.optional().describe('in place of the generated Service'),
  inferenceServiceSpecification: Specification.optional().describe('in place of the generated InferenceService'),
  external: External.optional().describe('what runs already and is only routed to'),
  ...matchForms,
  ...shared,
});

/** Each environment says which names it takes, so that an empty one hides no other error. */
const HostName = z.string().meta({ minLength: 1 });

/** A file may name a strategy and an environment of the registry, by id or alias. */
function applicationOf({ strategies }: Registry) {
  return z.strictObject({
    metadata: Metadata.nullish(),
    strategy: z.enum(namesOf(strategies)).optional(),
    primary: ServiceName.nullish().describe('the version that serves what no rule sends elsewhere; default the first'),
    hosts: z
      .array(z.strictObject({ name: HostName, gateway: GatewayName.optional() }))
      .optional()
      .describe('further host names, each with the gateway that serves it'),
    prefix: z.string().regex(/^\//, 'is no prefix: start it with /').optional().describe('Emissary: default /'),
    versionHeader: z.boolean().optional().describe('whether responses carry app-version; default true'),
    replicas: z.int().min(1).optional().describe('kubernetes: the pods that the weights divide'),
    sessionAffinity: z
      .strictObject({
        type: z.enum(['Cookie', 'ClientIP']),
        cookie: z
          .string()
          .regex(/^[A-Za-z0-9_-]+$/, 'is no name of a cookie: use letters, digits, _ and -')
          .optional(),
        maxAge: Duration.optional().describe('default 1h'),
      })
      .optional()
      .describe('keeps a session with the version that first answered it'),
    deploymentMode: z.enum(['Serverless', 'RawDeployment']).optional().describe('KServe: default Serverless'),
    versions: z.array(Version).min(1),
    ...matchForms,
    ...shared,
  });
}

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

/** Returns the shape of the values of one release, as a person writes them: strict, before any default. */
export function valuesOf(registry: Registry) {
  return z.strictObject({
    environment: z.enum(namesOf(registry.environments)),
    gateway: maybe(GatewayName).describe('a gateway beside the mesh: name or namespace/name'),
    service: z
      .strictObject({ host: z.string().min(1).optional(), port: Port.optional() })
      .optional()
      .describe('ModelMesh: default modelmesh-serving.modelmesh-serving.svc.cluster.local and 8033'),
    iter8Version: z.string().optional().describe('of Iter8; no effect here'),
    istioGateway: z.string().optional().describe('of Iter8; no effect here'),
    application: applicationOf(registry),
    analysis: Analysis.optional(),
    rollout: Rollout.optional(),
  });
}

/** The shape of values with the environments and strategies that sluice brings. */
export const Values = valuesOf(defaultRegistry);

/** The values of one release. */
export type Values = z.infer<typeof Values>;
