import * as z from 'zod';
import { DnsLabel, ServiceName } from './dns-label.js';
import { Duration } from './duration.js';
import { Analysis, Rollout } from './evaluation-values.js';
import { defaultRegistry, type Registry } from './lookup.js';
import { matchForms } from './match-forms.js';
import { Labels, maybe, Port, unlessEmpty } from './shapes.js';

/** The accepted names of a registry: ids first, then aliases. */
function namesOf(registry: Record<string, { readonly aliases: readonly string[] }>): [string, ...string[]] {
  const ids = Object.keys(registry);
  const aliases = Object.values(registry).flatMap((entry) => entry.aliases);
  return [...ids, ...aliases] as [string, ...string[]];
}

const Annotations = z.record(z.string(), z.string());
/** A part of an object, merged strategically over the generated one; `null` removes a field. */
const Overlay = z.strictObject({
  metadata: z
    .strictObject({
      labels: maybe(Labels).describe('beside the generated ones'),
      annotations: maybe(Annotations).describe('beside the generated ones'),
    })
    .optional()
    .describe('of the object itself, not of its pods'),
  spec: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('any part of the spec, such as template; null removes a field'),
});

const Fields = z.record(z.string(), z.unknown());

const Metadata = z.strictObject({
  name: ServiceName.optional().describe('a DNS label'),
  namespace: DnsLabel.optional().describe('a DNS label; default the namespace of the release'),
  labels: maybe(Labels).describe('beside the generated ones'),
  annotations: maybe(Annotations).describe('of the same objects'),
});

/** That of the application, which every object shares. */
const ApplicationMetadata = Metadata.extend({
  name: ServiceName.optional().describe(
    'of the release, of its route and its Service; default the name it is released under',
  ),
  namespace: DnsLabel.optional().describe('where the release lives; default the namespace it is released into'),
  labels: maybe(Labels).describe('on the objects of every version'),
  annotations: maybe(Annotations).describe('on the objects of every version'),
});

/** Metadata and spec in place of the generated ones, as in Iter8. */
const Specification = z.strictObject({
  metadata: Metadata.nullish().describe("added to the generated metadata; its name counts in place of the version's"),
  spec: Fields.optional().describe('the whole spec, in place of the generated one'),
});

const ServiceSpecification = Specification.extend({
  ports: z
    .array(z.looseObject({ port: Port.describe('of the route') }))
    .optional()
    .describe('where Iter8 looks for the port of the route; spec.ports is what is rendered'),
});

/** What a KServe version may take from its application. */
const servedModel = {
  modelFormat: z
    .string()
    .min(1)
    .optional()
    .describe('kserve and modelmesh: such as sklearn; needed on the application or on every version'),
  runtime: z.string().min(1).optional().describe('kserve and modelmesh: the ServingRuntime; without it KServe chooses'),
  protocolVersion: z
    .enum(['v1', 'v2', 'grpc-v1', 'grpc-v2'])
    .optional()
    .describe('kserve and modelmesh: what the model speaks; default v2'),
  ports: z
    .array(
      z.strictObject({
        containerPort: Port.describe('where the model server listens'),
        name: z.string().optional().describe('such as h2c for gRPC'),
        protocol: z.string().optional().describe('of the port; default TCP'),
      }),
    )
    .optional()
    .describe('kserve: the ports of the model server'),
  inferenceService: Overlay.optional().describe('kserve and modelmesh: merged over the generated InferenceService'),
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
  port: Port.optional().describe(
    'of the containers and their Services; default 80; no effect with kserve and modelmesh',
  ),
  appProtocol: z.string().min(1).optional().describe('what the port speaks, such as http or grpc'),
  deployment: Overlay.optional().describe('merged over the generated Deployment'),
  autoscaler: z
    .strictObject({
      minReplicas: z.int().min(1).optional().describe('the fewest pods; default 1'),
      maxReplicas: z.int().min(1).describe('the most pods'),
      metrics: z.array(Fields).min(1).optional().describe('as in autoscaling/v2; default 80 % of the requested CPU'),
      behavior: Fields.optional().describe('as in autoscaling/v2'),
    })
    .optional()
    .describe('a HorizontalPodAutoscaler per version'),
  disruptionBudget: z
    .strictObject({
      minAvailable: PodCount.optional().describe('a number of pods, or N%'),
      maxUnavailable: PodCount.optional().describe('a number of pods, or N%'),
    })
    .optional()
    .describe('a PodDisruptionBudget per version: one of the two'),
  ...servedModel,
};

const External = z
  .strictObject({
    service: ServiceName.optional().describe('a Service that exists'),
    deployment: DnsLabel.optional().describe(
      'istio: a Deployment that exists, behind a Service called like the release',
    ),
    labels: maybe(Labels).describe("of the Deployment's pods; default app: <deployment>"),
    port: Port.optional().describe("of the Service; default the version's port"),
  })
  .refine(({ service, deployment }) => (service === undefined) !== (deployment === undefined), {
    error: 'needs one of the two: give service or deployment',
  });

/** That of one version, over the application's. */
const VersionMetadata = Metadata.extend({
  name: ServiceName.optional().describe(
    'of the workload, the Service and the container; default <application>-<position>',
  ),
});

const Version = z.strictObject({
  metadata: VersionMetadata.nullish().describe('of the objects of this version'),
  image: z
    .string()
    .regex(/^\S+$/, 'is no image: give NAME:TAG without blanks')
    .optional()
    .describe('NAME:TAG of the container; no effect with kserve and modelmesh'),
  weight: z
    .int(unlessEmpty('is no weight: write 0 for no traffic, or remove the key, which stands for 50'))
    .min(0)
    .max(1_000_000)
    .optional()
    .describe(
      'blue-green: share in proportion to the others; mirrored: percent of the requests copied to a candidate; 0 is no traffic; default 50',
    ),
  routed: z
    .boolean(
      unlessEmpty('is neither true nor false: write false for no route, or remove the key, which stands for true'),
    )
    .optional()
    .describe('false takes the version out of every route; default true'),
  storageUri: z.string().min(1).optional().describe('kserve and modelmesh: where the model lies'),
  deploymentSpecification: Specification.optional().describe(
    'in place of the generated Deployment; no effect with kserve and modelmesh',
  ),
  serviceSpecification: ServiceSpecification.optional().describe(
    'in place of the generated Service; no effect with kserve and modelmesh',
  ),
  inferenceServiceSpecification: Specification.optional().describe(
    'kserve and modelmesh: in place of the generated InferenceService',
  ),
  external: External.optional().describe('what runs already and is only routed to'),
  match: matchForms.match.describe(
    "canary: what sends a request here, in Istio's form; default the header traffic: test",
  ),
  matches: matchForms.matches.describe("canary: the same in the Gateway API's form"),
  ...shared,
});

/** Each environment says which names it takes, so that an empty one hides no other error. */
const HostName = z.string().meta({ minLength: 1 });

/** A file may name a strategy and an environment of the registry, by id or alias. */
function applicationOf({ strategies }: Registry) {
  return z.strictObject({
    metadata: ApplicationMetadata.nullish().describe('of the release'),
    strategy: z
      .enum(namesOf(strategies))
      .optional()
      .describe('how requests are divided among the versions; default none'),
    primary: ServiceName.optional().describe('the version that serves what no rule sends elsewhere; default the first'),
    hosts: z
      .array(
        z.strictObject({
          name: HostName.describe('such as shop.example.com'),
          gateway: GatewayName.optional().describe('name or namespace/name'),
        }),
      )
      .optional()
      .describe('further host names, each with the gateway that serves it'),
    prefix: z
      .string()
      .regex(/^\//, 'is no prefix: start it with /')
      .optional()
      .describe('emissary: the path below which it serves the release; default /'),
    versionHeader: z.boolean().optional().describe('whether responses carry app-version; default true'),
    replicas: z.int().min(1).optional().describe('kubernetes: the pods that the weights divide'),
    sessionAffinity: z
      .strictObject({
        type: z.enum(['Cookie', 'ClientIP']).describe('by what a session is known'),
        cookie: z
          .string()
          .regex(/^[A-Za-z0-9_-]+$/, 'is no name of a cookie: use letters, digits, _ and -')
          .optional()
          .describe('with Cookie: its name; default sluice-version'),
        maxAge: Duration.optional().describe('how long a session lasts; default 1h'),
      })
      .optional()
      .describe('keeps a session with the version that first answered it'),
    deploymentMode: z
      .enum(['Serverless', 'RawDeployment'])
      .optional()
      .describe('kserve: how it runs the versions; default Serverless'),
    versions: z.array(Version).min(1).describe('one entry per version'),
    match: matchForms.match.describe(
      "blue-green and mirrored: what takes part, in Istio's form; default every request",
    ),
    matches: matchForms.matches.describe("blue-green and mirrored: the same in the Gateway API's form"),
    ...shared,
  });
}

/** Returns the shape of the values of one release, as a person writes them: strict, before any default. */
export function valuesOf(registry: Registry) {
  return z.strictObject({
    environment: z.enum(namesOf(registry.environments)).describe('what serves and routes the versions'),
    gateway: maybe(GatewayName).describe(
      'istio, gateway-api, kserve and modelmesh: a gateway beside the mesh: name or namespace/name',
    ),
    service: z
      .strictObject({
        host: z
          .string()
          .min(1)
          .optional()
          .describe('its host name; default modelmesh-serving.modelmesh-serving.svc.cluster.local'),
        port: Port.optional().describe('its port; default 8033'),
      })
      .optional()
      .describe('modelmesh: where it serves'),
    iter8Version: z.string().optional().describe('of Iter8; no effect here'),
    istioGateway: z.string().optional().describe('of Iter8; no effect here'),
    application: applicationOf(registry).describe('what is released'),
    analysis: Analysis.optional().describe('how sluice evaluate judges a candidate; no object follows from it'),
    rollout: Rollout.optional().describe('how sluice evaluate moves weights; no object follows from it'),
  });
}

/** The shape of values with the environments and strategies that sluice brings. */
export const Values = valuesOf(defaultRegistry);

/** The values of one release. */
export type Values = z.infer<typeof Values>;
