import * as z from 'zod';
import { DnsLabel, ServiceName } from './dns-label.js';
import { onDemand } from './on-demand.js';
import {
  Annotations,
  AppProtocol,
  Labels,
  MAX_PODS,
  maybe,
  Port,
  partialMetadata,
  QUANTITY,
  QuotablePort,
} from './shapes.js';

function count() {
  return z.int().min(0).max(MAX_PODS);
}

const quantityWords = 'is no quantity: give a number such as 2, "500m" or "1.5Gi"';

function quantity() {
  return z.union([z.number().min(0), z.string().regex(new RegExp(QUANTITY), quantityWords), z.null()], {
    error: quantityWords,
  });
}

function resources() {
  const Quantity = quantity();
  return z.looseObject({
    requests: z.record(z.string(), Quantity).nullish().describe('what a pod needs, such as cpu and memory'),
    limits: z.record(z.string(), Quantity).nullish().describe('what a pod never gets more of'),
  });
}

/** The name of a port as IANA has it, at most 15 characters with a letter among them. */
function portName() {
  return z
    .string()
    .max(15)
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'is no name of a port: use a-z, 0-9 and single - between them')
    .refine((text) => /[a-z]/.test(text), { error: 'is no name of a port: one letter at least has to be in it' });
}

const protocols = ['TCP', 'UDP', 'SCTP'] as const;

function containerPort() {
  return z.looseObject({
    containerPort: Port,
    name: portName().nullish(),
    protocol: z.enum(protocols).optional().describe('default TCP'),
  });
}

function variable() {
  return z.looseObject({
    name: z.string().regex(/^[ -<>-~]+$/, 'is no name of a variable: use printable ASCII without ='),
    value: z.string().nullish(),
  });
}

function container() {
  return z.looseObject({
    name: DnsLabel.optional().describe("default the version's own container"),
    imagePullPolicy: z.enum(['Always', 'IfNotPresent', 'Never']).optional(),
    command: z.array(z.string()).nullish(),
    args: z.array(z.string()).nullish(),
    env: z.array(onDemand(variable)).nullish(),
    ports: z.array(onDemand(containerPort)).nullish(),
    resources: resources().nullish(),
  });
}

function podTemplate() {
  const Container = container();
  return z.looseObject({
    metadata: onDemand(partialMetadata).nullish().describe('labels and annotations of the pods'),
    spec: z
      .looseObject({
        containers: z.array(Container).nullish(),
        initContainers: z.array(Container).nullish(),
        restartPolicy: z
          .enum(['Always'], 'is not Always, which a Deployment asks of its pods: leave it out')
          .optional(),
      })
      .nullish(),
  });
}

function isNone(pods: unknown): boolean {
  return pods === 0 || pods === '0%';
}

function updates() {
  return z
    .looseObject({
      type: z.enum(['RollingUpdate', 'Recreate']).optional(),
      rollingUpdate: z
        .looseObject({})
        .refine(({ maxSurge, maxUnavailable }) => !isNone(maxSurge) || !isNone(maxUnavailable), {
          error: 'lets no pod be added and none be away, so none is ever replaced: raise maxSurge or maxUnavailable',
        })
        .nullish(),
    })
    .refine(({ type, rollingUpdate }) => type !== 'Recreate' || !rollingUpdate, {
      path: ['rollingUpdate'],
      error: 'has no meaning with type Recreate: remove it, or the type',
    });
}

/** The spec of a Deployment in apps/v1, as far as the API server asks the same of each; all else of its pods is free. */
function deploymentSpec() {
  const Count = count();
  return {
    replicas: Count.nullish().describe('how many pods'),
    selector: z.looseObject({}).nullish().describe('which pods are its own; best left as it is generated'),
    template: podTemplate().nullish().describe('of the pods'),
    strategy: onDemand(updates).nullish().describe('how pods are replaced; default RollingUpdate'),
    minReadySeconds: Count.nullish(),
    revisionHistoryLimit: Count.nullish(),
    progressDeadlineSeconds: Count.nullish(),
    paused: z.boolean().nullish(),
  };
}

/** The spec of an InferenceService, whose other fields differ from one version of KServe to the next. */
function inferenceServiceSpec() {
  const Count = count();
  const Predictor = z.looseObject({ minReplicas: Count.nullish(), maxReplicas: Count.nullish() });
  return { predictor: Predictor.nullish().describe('what serves the model') };
}

function overlay<Spec extends z.ZodType>(spec: Spec) {
  const metadata = z
    .strictObject({
      labels: maybe(Labels).describe('beside the generated ones'),
      annotations: maybe(Annotations).describe('beside the generated ones'),
    })
    .optional()
    .describe('of the object itself, not of its pods');
  return z.strictObject({
    metadata,
    spec: spec.optional().describe('any part of the spec, such as template; null removes a field'),
  });
}

/** A part of an InferenceService, merged strategically over the generated one; `null` removes a field. */
export const InferenceServiceOverlay = onDemand(() => overlay(z.looseObject(inferenceServiceSpec())));

/** The same of a Deployment. */
export const DeploymentOverlay = onDemand(() => overlay(z.strictObject(deploymentSpec())));

export const Metadata = z.strictObject({
  name: ServiceName.optional().describe('a DNS label'),
  namespace: DnsLabel.optional().describe('a DNS label; default the namespace of the release'),
  labels: maybe(Labels).describe('beside the generated ones'),
  annotations: maybe(Annotations).describe('of the same objects'),
});

function specification<Spec extends z.ZodType>(spec: Spec) {
  return z.strictObject({
    metadata: Metadata.nullish().describe("added to the generated metadata; its name counts in place of the version's"),
    spec: spec.optional().describe('the whole spec, in place of the generated one'),
  });
}

/** Metadata and spec in place of the generated ones, as in Iter8. */
export const InferenceServiceSpecification = onDemand(() => specification(z.looseObject(inferenceServiceSpec())));

export const DeploymentSpecification = onDemand(() => specification(z.looseObject(deploymentSpec())));

function servicePort() {
  return z.looseObject({
    port: Port.describe('of the route'),
    targetPort: z
      .union([Port, portName()], { error: 'is no port: give a number, or the name of a port of the container' })
      .optional()
      .describe('of the pods; default port'),
    name: DnsLabel.optional().describe('needed where there are several'),
    protocol: z.enum(protocols).optional().describe('default TCP'),
    appProtocol: AppProtocol.optional().describe('what the port speaks, such as http or grpc'),
  });
}

export const ServiceSpecification = onDemand(() => {
  const spec = z.looseObject({
    type: z.enum(['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName']).optional().describe('default ClusterIP'),
    selector: Labels.nullish().describe('the labels of the pods that answer'),
    ports: z.array(onDemand(servicePort)).nullish().describe('what it listens on'),
    sessionAffinity: z.enum(['None', 'ClientIP']).optional().describe('default None'),
  });
  return specification(spec).extend({
    ports: z
      .array(z.looseObject({ port: QuotablePort.describe('of the route') }))
      .optional()
      .describe('where Iter8 looks for the port of the route; spec.ports is what is rendered'),
  });
});
