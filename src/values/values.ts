import * as z from 'zod';
import { DnsLabel, ServiceName } from './dns-label.js';
import { Duration } from './duration.js';
import { Analysis, Rollout } from './evaluation-values.js';
import { defaultRegistry, type Registry } from './lookup.js';
import { matchForms } from './match-forms.js';
import {
  DeploymentOverlay,
  DeploymentSpecification,
  InferenceServiceOverlay,
  InferenceServiceSpecification,
  Metadata,
  ServiceSpecification,
} from './object-parts.js';
import { onDemand } from './on-demand.js';
import { Autoscaler, DisruptionBudget } from './scaling.js';
import {
  Annotations,
  AppProtocol,
  Labels,
  MAX_PODS,
  MAX_SUBDOMAIN,
  maybe,
  orQuoted,
  Port,
  QuotablePort,
  SUBDOMAIN,
  unlessEmpty,
} from './shapes.js';

/** The accepted names of a registry: ids first, then aliases. */
function namesOf(registry: Record<string, { readonly aliases: readonly string[] }>): [string, ...string[]] {
  const ids = Object.keys(registry);
  const aliases = Object.values(registry).flatMap((entry) => entry.aliases);
  return [...ids, ...aliases] as [string, ...string[]];
}

/** That of the application, which every object shares. */
const ApplicationMetadata = Metadata.extend({
  name: ServiceName.optional().describe(
    'of the release, of its route and its Service; default the name it is released under',
  ),
  namespace: DnsLabel.optional().describe('where the release lives; default the namespace it is released into'),
  labels: maybe(Labels).describe('on the objects of every version'),
  annotations: maybe(Annotations).describe('on the objects of every version'),
});

const ModelPorts = onDemand(() =>
  z
    .array(
      z.strictObject({
        containerPort: Port.describe('where the model server listens'),
        name: z.string().optional().describe('such as h2c for gRPC'),
        protocol: z.string().optional().describe('of the port; default TCP'),
      }),
    )
    .superRefine((ports, context) => {
      const sockets = ports.map(({ containerPort, protocol = 'TCP' }) => `${containerPort}/${protocol}`);
      for (const [i, socket] of sockets.entries()) {
        const message = `is ${ports[i]?.containerPort} again, for the same protocol: give every port once`;
        if (sockets.indexOf(socket) < i) context.addIssue({ code: 'custom', path: [i, 'containerPort'], message });
      }
    }),
);

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
  ports: ModelPorts.optional().describe('kserve: the ports of the model server'),
  inferenceService: InferenceServiceOverlay.optional().describe(
    'kserve and modelmesh: merged over the generated InferenceService',
  ),
};

const GatewayName = z
  .string()
  .regex(
    new RegExp(`^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?/)?${SUBDOMAIN}$`),
    'is no name of a gateway: give NAME or NAMESPACE/NAME, in a-z, 0-9 and - with dots in NAME alone',
  )
  .refine((text) => text.length - text.indexOf('/') - 1 <= MAX_SUBDOMAIN, {
    error: `is too long a name of a gateway: give at most ${MAX_SUBDOMAIN} characters`,
  });

/** What any version may take from its application. */
const shared = {
  port: QuotablePort.optional().describe(
    'of the containers and their Services; default 80; no effect with kserve and modelmesh',
  ),
  appProtocol: AppProtocol.optional().describe('what the port speaks, such as http or grpc'),
  deployment: DeploymentOverlay.optional().describe('merged over the generated Deployment'),
  autoscaler: Autoscaler.optional().describe('a HorizontalPodAutoscaler per version'),
  disruptionBudget: DisruptionBudget.optional().describe('a PodDisruptionBudget per version: one of the two'),
  ...servedModel,
};

const External = onDemand(() =>
  z
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
    }),
);

/** That of one version, over the application's. */
const VersionMetadata = Metadata.extend({
  name: ServiceName.optional().describe(
    'of the workload, the Service and the container; default <application>-<position>',
  ),
});

const Weight = z
  .int(unlessEmpty('is no weight: write 0 for no traffic, or remove the key, which stands for 50'))
  .min(0)
  .max(1_000_000);

/** One version, as it stands in the list. */
export const Version = z.strictObject({
  metadata: VersionMetadata.nullish().describe('of the objects of this version'),
  image: z
    .string()
    .regex(/^\S+$/, 'is no image: give NAME:TAG without blanks')
    .optional()
    .describe('NAME:TAG of the container; no effect with kserve and modelmesh'),
  weight: orQuoted(Weight, 7)
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
  baselineOf: ServiceName.optional().describe(
    'written by sluice evaluate: this version is a copy of that one, to compare candidates with, and is none itself',
  ),
  storageUri: z.string().min(1).optional().describe('kserve and modelmesh: where the model lies'),
  deploymentSpecification: DeploymentSpecification.optional().describe(
    'in place of the generated Deployment; no effect with kserve and modelmesh',
  ),
  serviceSpecification: ServiceSpecification.optional().describe(
    'in place of the generated Service; no effect with kserve and modelmesh',
  ),
  inferenceServiceSpecification: InferenceServiceSpecification.optional().describe(
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

const Hosts = onDemand(() =>
  z.array(
    z.strictObject({
      name: HostName.describe('such as shop.example.com'),
      gateway: GatewayName.optional().describe('name or namespace/name'),
    }),
  ),
);

const SessionAffinity = onDemand(() =>
  z.strictObject({
    type: z.enum(['Cookie', 'ClientIP']).describe('by what a session is known'),
    cookie: z
      .string()
      .max(256)
      .regex(/^[A-Za-z0-9_-]+$/, 'is no name of a cookie: use letters, digits, _ and -')
      .optional()
      .describe('with Cookie: its name; default sluice-version'),
    maxAge: Duration.optional().describe('how long a session lasts; default 1h'),
  }),
);

/** A file may name a strategy and an environment of the registry, by id or alias. */
function applicationOf({ strategies }: Registry) {
  return z.strictObject({
    metadata: ApplicationMetadata.nullish().describe('of the release'),
    strategy: z
      .enum(namesOf(strategies))
      .optional()
      .describe('how requests are divided among the versions; default none'),
    primary: ServiceName.optional().describe('the version that serves what no rule sends elsewhere; default the first'),
    hosts: Hosts.optional().describe('further host names, each with the gateway that serves it'),
    prefix: z
      .string()
      .regex(/^\//, 'is no prefix: start it with /')
      .optional()
      .describe('emissary: the path below which it serves the release; default /'),
    versionHeader: z.boolean().optional().describe('whether responses carry app-version; default true'),
    replicas: z.int().min(1).max(MAX_PODS).optional().describe('kubernetes: the pods that the weights divide'),
    sessionAffinity: SessionAffinity.optional().describe('keeps a session with the version that first answered it'),
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

const ModelMeshService = onDemand(() =>
  z.strictObject({
    host: z
      .string()
      .min(1)
      .optional()
      .describe('its host name; default modelmesh-serving.modelmesh-serving.svc.cluster.local'),
    port: QuotablePort.optional().describe('its port; default 8033'),
  }),
);

/** Returns the shape of the values of one release, as a person writes them: strict, before any default. */
export function valuesOf(registry: Registry) {
  return z.strictObject({
    environment: z.enum(namesOf(registry.environments)).describe('what serves and routes the versions'),
    gateway: maybe(GatewayName).describe(
      'istio, gateway-api, kserve and modelmesh: a gateway beside the mesh: name or namespace/name',
    ),
    service: ModelMeshService.optional().describe('modelmesh: where it serves'),
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
