import type { JsonObject } from '../../src/release/json.js';
import { application, autoscaler, beyondInt32, budget, first, type Mutation, metadata, of } from './mutation.js';

const template = [...application, 'deployment', 'spec', 'template'];
const still = { strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } };
const replicas = [...application, 'deployment', 'spec', 'replicas'];

/** Slips in what runs and serves the versions. */
export const objectMutations: readonly Mutation[] = [
  ...of('istio-none', [
    ['an overlay that adds a container without an image', [...application, 'deployment', 'spec'], containers('side')],
    ['a port of 0', [...application, 'port'], 0],
    ['a port above all', [...application, 'port'], 70_000],
    ['a port by name', [...application, 'port'], 'http'],
    ['a release called like a host', [...metadata, 'name'], 'shop.example'],
    ['a version in capitals', [...first, 'metadata', 'name'], 'Reviews-V1'],
    ['a version with an underscore', [...first, 'metadata', 'name'], 'reviews_v1'],
    ['a version with a name of 64 letters', [...first, 'metadata', 'name'], 'v'.repeat(64)],
    ['an empty image', [...first, 'image'], ''],
    ['no image', [...first, 'image'], null],
    ['a label with a blank', [...metadata, 'labels'], { team: 'a b' }],
    ['a label of 64 letters', [...metadata, 'labels'], { team: 'a'.repeat(64) }],
    ['a label that is a number', [...metadata, 'labels'], { team: 7 }],
    ['an annotation that is no text', [...metadata, 'annotations'], { note: true }],
    ['a budget with both limits', budget, { minAvailable: 1, maxUnavailable: 1 }],
    ['a budget above all pods', budget, { minAvailable: '150%' }],
    ['a budget in words', budget, { minAvailable: 'half' }],
    ['a budget below nothing', budget, { maxUnavailable: -1 }],
    ['an autoscaler without pods', autoscaler, { maxReplicas: 0 }],
    ['an autoscaler upside down', autoscaler, { minReplicas: 3, maxReplicas: 2 }],
    ['an overlay that changes the selector', [...application, 'deployment', 'spec'], selecting({ a: 'b' })],
    [
      'a whole Service without ports',
      [...first, 'serviceSpecification'],
      { spec: { selector: { a: 'b' }, ports: [] } },
    ],
    ['a Service called in capitals', [...first, 'serviceSpecification'], { metadata: { name: 'Reviews' } }],
    ['a Deployment called in capitals', [...first, 'deploymentSpecification'], { metadata: { name: 'Reviews' } }],
    ['a whole Deployment without a template', [...first, 'deploymentSpecification'], { spec: { replicas: 1 } }],
    ['a whole Deployment whose pods lack the labels', [...first, 'deploymentSpecification'], unselected()],
    ['an existing Service of two words', [...first, 'external'], { service: 'the legacy' }],
    ['the key of a label with a blank', [...metadata, 'labels'], { 'a team': 'b' }],
    ['the key of a label of 64 letters', [...metadata, 'labels'], { ['a'.repeat(64)]: 'b' }],
    ['the key of a label with a prefix in capitals', [...metadata, 'labels'], { 'Example_/a': 'b' }],
    ['the key of a label of a version with a blank', [...first, 'metadata', 'labels'], { 'a team': 'b' }],
    ['the key of an annotation with a blank', [...metadata, 'annotations'], { 'a note': 'b' }],
    ['annotations of more than 256 KiB', [...metadata, 'annotations'], { note: 'x'.repeat(300_000) }],
    ['an appProtocol of two words', [...application, 'appProtocol'], 'http or grpc'],
    ['an autoscaler beyond a number of 32 bits', autoscaler, { maxReplicas: beyondInt32 }],
    ['an autoscaler of an unknown metric', autoscaler, { maxReplicas: 3, metrics: [{ type: 'Cpu' }] }],
    ['a budget beyond a number of 32 bits', budget, { minAvailable: beyondInt32 }],
    ['a port of pods above all', [...first, 'serviceSpecification'], service([{ port: 80, targetPort: 70_000 }])],
    ['two ports without names', [...first, 'serviceSpecification'], service([{ port: 80 }, { port: 81 }])],
    ['the key of an annotation with two slashes', [...metadata, 'annotations'], { 'a/b/c': 'd' }],
    ['a metric without its source', autoscaler, { maxReplicas: 3, metrics: [{ type: 'Resource' }] }],
    ['a metric that does not say how much', autoscaler, cpu({ type: 'Utilization', value: 1 })],
    [
      'a metric that says how much in two ways',
      autoscaler,
      cpu({ type: 'Utilization', averageUtilization: 1, averageValue: 1 }),
    ],
    ['a metric by percent', autoscaler, cpu({ type: 'Percent', averageUtilization: 80 })],
    ['a metric of no value', autoscaler, cpu({ type: 'AverageValue', averageValue: '0' })],
    ['a behaviour that is misspelt', autoscaler, { maxReplicas: 3, behavior: { scaledown: {} } }],
    ['a behaviour for more than an hour', autoscaler, slowly({ stabilizationWindowSeconds: 4000 })],
    ['a behaviour without policies', autoscaler, slowly({ policies: [] })],
    ['the label of pods with a blank', template, { metadata: { labels: { team: 'a b' } } }],
    ['the annotation of pods that is a number', template, { metadata: { annotations: { note: 7 } } }],
    ['pods that are never started again', template, { spec: { restartPolicy: 'Never' } }],
    ['a container in capitals', template, pod({ name: 'Side', image: 'registry.example/side:v1' })],
    ['an image that is sometimes pulled', template, pod({ imagePullPolicy: 'Sometimes' })],
    ['a variable that is a number', template, pod({ env: [{ name: 'A', value: 1 }] })],
    ['memory in MB', template, pod({ resources: { requests: { memory: '64MB' } } })],
    ['a port of a container above all', template, pod({ ports: [{ containerPort: 70_000 }] })],
    ['a container that starts the others without an image', template, { spec: { initContainers: [{ name: 'init' }] } }],
    ['a command that is a text', template, pod({ command: 'run' })],
    ['the port of a container by another protocol', template, pod({ ports: [{ containerPort: 1, protocol: 'http' }] })],
    ['no containers', template, { spec: { containers: null } }],
    ['fewer replicas than none', replicas, -1],
    ['replicas in words', replicas, 'two'],
    ['replicas that are misspelt', [...application, 'deployment', 'spec'], { replica: 2 }],
    ['a strategy by which nothing is replaced', [...application, 'deployment', 'spec'], still],
    ['a strategy of no Deployment', [...application, 'deployment', 'spec'], { strategy: { type: 'Rolling' } }],
    ['an empty selector', [...application, 'deployment', 'spec'], { selector: { matchLabels: null } }],
    ['a whole Deployment with an empty selector', [...first, 'deploymentSpecification'], whole({ selector: {} })],
    ['a whole Deployment with two containers of one name', [...first, 'deploymentSpecification'], twins()],
    [
      'a port by the name of a sentence',
      [...first, 'serviceSpecification'],
      service([{ port: 80, targetPort: 'the web' }]),
    ],
    [
      'a port that speaks no protocol of a Service',
      [...first, 'serviceSpecification'],
      service([{ port: 80, protocol: 'HTTP' }]),
    ],
    ['a port twice', [...first, 'serviceSpecification'], service(['a', 'b'].map((name) => ({ name, port: 80 })))],
    [
      'two ports of one name',
      [...first, 'serviceSpecification'],
      service([80, 81].map((port) => ({ name: 'a', port }))),
    ],
    [
      'a port of the nodes within the cluster',
      [...first, 'serviceSpecification'],
      service([{ port: 80, nodePort: 30_080 }]),
    ],
    ['a Service of an unknown type', [...first, 'serviceSpecification'], service([{ port: 80 }], { type: 'Cluster' })],
    [
      'a Service of an outer name without one',
      [...first, 'serviceSpecification'],
      service([], { type: 'ExternalName' }),
    ],
    ['a whole Service that names no ports', [...first, 'serviceSpecification'], { spec: { selector: { a: 'b' } } }],
    [
      'the selector of a Service with a blank',
      [...first, 'serviceSpecification'],
      { spec: { selector: { a: 'b c' }, ports: [{ port: 80 }] } },
    ],
  ]),
  ...of('kubernetes-blue-green', [
    ['fewer pods than none', [...application, 'replicas'], -10],
    ['pods beyond a number of 32 bits', [...application, 'replicas'], beyondInt32],
  ]),
  ...of('modelmesh-none', [
    ['a storage that is a number', [...first, 'storageUri'], 7],
    [
      'a whole InferenceService of ModelMesh without a predictor',
      [...first, 'inferenceServiceSpecification'],
      { spec: {} },
    ],
  ]),
  ...of('kserve-none', [
    ['a model format that is a number', [...application, 'modelFormat'], 7],
    ['a port of a model by name', [...application, 'ports'], [{ containerPort: 'http' }]],
    ['a model called in capitals', [...first, 'inferenceServiceSpecification'], { metadata: { name: 'Iris' } }],
    ['a port of a model twice', [...application, 'ports'], [{ containerPort: 80 }, { containerPort: 80 }]],
    ['a whole InferenceService without a predictor', [...first, 'inferenceServiceSpecification'], { spec: {} }],
    [
      'an InferenceService whose predictor is taken away',
      [...application, 'inferenceService'],
      { spec: { predictor: null } },
    ],
    [
      'a model with replicas in words',
      [...application, 'inferenceService'],
      { spec: { predictor: { minReplicas: 'two' } } },
    ],
  ]),
];

function selecting(matchLabels: JsonObject): JsonObject {
  return { selector: { matchLabels } };
}

function service(ports: readonly JsonObject[], more: JsonObject = {}): JsonObject {
  return { spec: { selector: { app: 'reviews' }, ports: [...ports], ...more } };
}

function containers(name: string): JsonObject {
  return { template: { spec: { containers: [{ name }] } } };
}

function pod(container: JsonObject): JsonObject {
  return { spec: { containers: [container] } };
}

function cpu(target: JsonObject): JsonObject {
  return { maxReplicas: 3, metrics: [{ type: 'Resource', resource: { name: 'cpu', target } }] };
}

function slowly(scaleDown: JsonObject): JsonObject {
  return { maxReplicas: 3, behavior: { scaleDown } };
}

function whole(more: JsonObject): JsonObject {
  const template = {
    metadata: { labels: { app: 'reviews-v1' } },
    spec: { containers: [{ name: 'reviews-v1', image: 'registry.example/reviews:v1' }] },
  };
  return { spec: { ...selecting({ app: 'reviews-v1' }), template, ...more } };
}

function unselected(): JsonObject {
  return whole(selecting({ app: 'other' }));
}

function twins(): JsonObject {
  const side = { name: 'side', image: 'registry.example/side:v1' };
  return whole({ template: { metadata: { labels: { app: 'reviews-v1' } }, spec: { containers: [side, side] } } });
}
