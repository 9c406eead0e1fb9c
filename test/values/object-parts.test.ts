import { describe, expect, test } from 'vitest';
import { loadedOf } from '../release-of.js';
import { refusals } from './version-of.js';

const version = 'application.versions[0]';

describe('Labels and Annotations', () => {
  const labels = `${version}.deployment.metadata.labels`;
  const labelled = (key: string) => refusals(`deployment: {metadata: {labels: {${key}: b}}}`);
  const long = (length: number) => 'a'.repeat(length);

  test.each([
    ['team', true],
    [long(63), true],
    ['example.com/Team_a.b', true],
    [`${long(253)}/a`, true],
    ['"a team"', false],
    ['""', false],
    [long(64), false],
    ['team-', false],
    ['Example.com/team', false],
    ['a..b/team', false],
    ['a/b/c', false],
  ])('have keys that Kubernetes takes: %s', (key, fits) => {
    const bare = key.replaceAll('"', '');
    const refused = [`${labels}.${bare} ${JSON.stringify(bare)} is no key of a label`];
    expect(labelled(key)).toEqual(fits ? [] : refused);
  });

  test('refuse a domain that is too long, and say so', () => {
    expect(labelled(`${long(254)}/a`)).toEqual([expect.stringMatching(/ has more than 253 characters before the \/$/)]);
  });

  test('compare the domain of an annotation without case', () => {
    const annotated = (key: string) => `deployment: {metadata: {annotations: {${key}: b}}}`;
    expect(refusals(annotated('Example.com/note'))).toEqual([]);
    expect(refusals(annotated('"a note"'))).toEqual([
      `${version}.deployment.metadata.annotations.a note "a note" is no key of an annotation`,
    ]);
  });

  test('are told at the key, with what to do', () => {
    const text =
      'environment: istio\napplication:\n  metadata:\n    labels:\n      a team: b\n  versions: [{image: a:1}]\n';
    const hint = 'Use letters, digits, -, _ and ., at most 63, with a domain such as example.com/ before them or none.';
    expect(() => loadedOf(text)).toThrow(
      expect.objectContaining({ problems: [expect.objectContaining({ line: 5, column: 7, hint })] }),
    );
  });
});

describe('DeploymentOverlay', () => {
  const path = `${version}.deployment.spec`;
  const pods = (spec: string) => `template: {spec: ${spec}}`;

  test.each([
    ['replicas: 0', []],
    ['replicas: null', []],
    ['replicas: -1', ['.replicas is -1, below the least allowed: 0']],
    ['replicas: two', ['.replicas is "two", not a number']],
    ['replicas: 2147483648', ['.replicas is 2147483648, above the most allowed: 2147483647']],
    ['replica: 2', ['.replica is no known key']],
    ['strategy: {type: Rolling}', ['.strategy.type is "Rolling"']],
    ['strategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}', []],
    [
      'strategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 0%}}',
      ['.strategy.rollingUpdate lets no pod be added and none be away, so none is ever replaced'],
    ],
    [
      'strategy: {type: Recreate, rollingUpdate: {maxSurge: 1}}',
      ['.strategy.rollingUpdate has no meaning with type Recreate'],
    ],
    ['template: {metadata: {labels: {team: 7}}}', ['.template.metadata.labels.team is 7, not a string']],
    ['template: {metadata: {labels: {team: null}, annotations: {"a/b": "7"}}}', []],
    [
      pods('{restartPolicy: Never}'),
      ['.template.spec.restartPolicy "Never" is not Always, which a Deployment asks of its pods'],
    ],
    [pods('{terminationGracePeriodSeconds: 5}'), []],
    [pods('{containers: [{command: run}]}'), ['.template.spec.containers[0].command is "run", not a list']],
    [
      pods('{initContainers: [{name: init}]}'),
      ['.template.spec.initContainers leaves the container init of v1 without an image'],
    ],
    [pods('{initContainers: [{name: init, image: a, args: [b]}]}'), []],
    [
      pods('{containers: [{ports: [{containerPort: 80, name: The web}]}]}'),
      ['.template.spec.containers[0].ports[0].name "The web" is no name of a port'],
    ],
    [pods('{containers: [{name: Side, image: a}]}'), ['.template.spec.containers[0].name "Side" is no DNS label']],
    [
      pods('{containers: [{env: [{name: A, value: 1}]}]}'),
      ['.template.spec.containers[0].env[0].value is 1, not a string'],
    ],
    [pods('{containers: [{env: [{name: A, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]}]}'), []],
    [
      pods('{containers: [{resources: {limits: {memory: 64MB}}}]}'),
      ['.template.spec.containers[0].resources.limits.memory "64MB" is no quantity'],
    ],
    [pods('{containers: [{resources: {limits: {memory: 64Mi, cpu: 0.5}, requests: {cpu: null}}}]}'), []],
    [
      pods('{containers: [{ports: [{containerPort: 70000}]}]}'),
      ['.template.spec.containers[0].ports[0].containerPort is 70000, above the most allowed: 65535'],
    ],
  ])('takes what a Deployment takes: %s', (spec, expected) => {
    expect(refusals(`deployment: {spec: {${spec}}}`)).toEqual(expected.map((each) => `${path}${each}`));
  });
});

describe('InferenceServiceOverlay', () => {
  const path = 'application.inferenceService.spec.predictor';

  test.each([
    ['{minReplicas: 0, maxReplicas: 3, timeout: 60}', []],
    ['{minReplicas: two}', [`${path}.minReplicas is "two", not a number`]],
    ['null', [`${path} leaves v1 without a predictor, which every InferenceService has`]],
  ])('takes what an InferenceService takes: %s', (predictor, expected) => {
    const application = `  modelFormat: sklearn\n  inferenceService: {spec: {predictor: ${predictor}}}\n`;
    expect(refusals('storageUri: s3://models/v1', application, 'kserve')).toEqual(expected);
  });

  test.each(['kserve', 'modelmesh'])('checkPredictor() wants one of a whole InferenceService: %s', (environment) => {
    const place = `${version}.inferenceServiceSpecification.spec`;
    expect(refusals('inferenceServiceSpecification: {spec: {}}', '', environment)).toEqual([
      `${place} leaves v1 without a predictor, which every InferenceService has`,
    ]);
    const own = 'inferenceServiceSpecification: {spec: {}}, inferenceService: {spec: {predictor: null}}';
    expect(refusals(own, '', environment)).toEqual([
      `${version}.inferenceService.spec.predictor leaves v1 without a predictor, which every InferenceService has`,
    ]);
    const filled = 'inferenceServiceSpecification: {spec: {}}, inferenceService: {spec: {predictor: {}}}';
    expect(refusals(filled, '', environment)).toEqual([]);
  });

  test('ports of a model are given once each', () => {
    const ports = (second: string) => `storageUri: a, modelFormat: b, ports: [{containerPort: 80}, {${second}}]`;
    expect(refusals(ports('containerPort: 80'), '', 'kserve')).toEqual([
      `${version}.ports[1].containerPort is 80 again, for the same protocol`,
    ]);
    expect(refusals(ports('containerPort: 80, protocol: UDP'), '', 'kserve')).toEqual([]);
  });
});

test.each([
  ['http', true],
  ['kubernetes.io/h2c', true],
  ['http or grpc', false],
  ['Kubernetes.io/h2c', false],
])('appProtocol is a name of a protocol: %s', (name, fits) => {
  const refused = [`${version}.appProtocol ${JSON.stringify(name)} is no name of a protocol`];
  expect(refusals(`appProtocol: ${name}`)).toEqual(fits ? [] : refused);
});

test.each([
  ['public', true],
  ['edge/public.example', true],
  ['g'.repeat(253), true],
  [`${'n'.repeat(63)}/${'g'.repeat(253)}`, true],
  ['g'.repeat(254), false],
  [`${'n'.repeat(64)}/public`, false],
  ['edge..public', false],
  ['edge/shop/public', false],
])('gateway is a name that a Gateway can have: %s', (name, fits) => {
  const text = `environment: gateway-api\ngateway: ${name}\napplication: {versions: [{image: registry.example/shop:v1}]}\n`;
  if (fits) expect(() => loadedOf(text)).not.toThrow();
  else
    expect(() => loadedOf(text)).toThrow(
      expect.objectContaining({ problems: [expect.objectContaining({ path: 'gateway' })] }),
    );
});
