import { describe, expect, test } from 'vitest';
import { noticeSelectors, refusePorts, refuseScaling } from '../../src/environments/workload-checks.js';
import type { ReleaseModel } from '../../src/release/model.js';
import { manifestsOf } from '../../src/synth/manifests.js';
import { loadValues } from '../../src/values/load.js';
import { releaseOf } from '../release-of.js';

const head = 'environment: kubernetes\napplication:\n  port: 8080\n';

function deployment(text: string) {
  const found = manifestsOf(releaseOf(text)).find(({ kind }) => kind === 'Deployment');
  return found as unknown as {
    spec: { replicas?: number; template: { spec: { containers: Record<string, unknown>[] } } };
  };
}

describe('renderVersions', () => {
  test('sets nothing that was not asked for', () => {
    const { spec } = deployment(`${head}  versions:\n  - image: registry.example/shop:v1\n`);
    expect(spec).toEqual({
      selector: { matchLabels: { app: 'shop-0' } },
      template: {
        metadata: {
          labels: {
            app: 'shop-0',
            'app.kubernetes.io/name': 'shop',
            'app.kubernetes.io/instance': 'shop-0',
            'app.kubernetes.io/managed-by': 'sluice',
            version: 'shop-0',
          },
        },
        spec: {
          containers: [
            { name: 'shop-0', image: 'registry.example/shop:v1', ports: [{ containerPort: 8080, protocol: 'TCP' }] },
          ],
        },
      },
    });
  });

  test("merges the application's overlay, then the version's; a container without a name is the version's own", () => {
    const { spec } = deployment(`${head}  deployment:
    spec:
      replicas: 2
      template:
        spec:
          serviceAccountName: shop
          containers:
          - env: [{name: A, value: "1"}, {name: B, value: "1"}]
            readinessProbe: {httpGet: {path: /ready, port: 8080}}
          - {name: proxy, image: registry.example/proxy:1}
          volumes: [{name: tmp, emptyDir: {}}]
  versions:
  - image: registry.example/shop:v1
    deployment:
      spec:
        replicas: 3
        template: {spec: {containers: [{env: [{name: B, value: "2"}], resources: {limits: {memory: 1Gi}}}]}}
`);
    expect(spec.replicas).toBe(3);
    expect(spec.template.spec).toMatchObject({
      serviceAccountName: 'shop',
      volumes: [{ name: 'tmp' }],
      containers: [
        {
          name: 'shop-0',
          image: 'registry.example/shop:v1',
          env: [
            { name: 'A', value: '1' },
            { name: 'B', value: '2' },
          ],
          readinessProbe: { httpGet: { path: '/ready', port: 8080 } },
          resources: { limits: { memory: '1Gi' } },
        },
        { name: 'proxy', image: 'registry.example/proxy:1' },
      ],
    });
  });

  test("leaves a label version of a person's on the pods", () => {
    const own = '{spec: {template: {metadata: {labels: {version: v1.20}}}}}';
    const { spec } = deployment(`${head}  deployment: ${own}\n  versions:\n  - image: registry.example/shop:v1\n`);
    expect(spec).toMatchObject({
      selector: { matchLabels: { app: 'shop-0' } },
      template: { metadata: { labels: { app: 'shop-0', version: 'v1.20' } } },
    });
  });

  test('writes out what the API server would fill into a Service', () => {
    const text = `${head}  appProtocol: grpc\n  versions:\n  - image: registry.example/shop:v1\n`;
    expect(manifestsOf(releaseOf(text)).find(({ kind }) => kind === 'Service')?.spec).toEqual({
      type: 'ClusterIP',
      selector: { app: 'shop-0' },
      ports: [{ port: 8080, targetPort: 8080, protocol: 'TCP', appProtocol: 'grpc' }],
      sessionAffinity: 'None',
    });
  });

  test('removes a field by null', () => {
    const { spec } = deployment(
      `${head}  deployment: {spec: {template: {spec: {containers: [{ports: null}]}}}}\n  versions:\n  - image: registry.example/shop:v1\n`,
    );
    expect(spec.template.spec.containers[0]).not.toHaveProperty('ports');
  });

  test('refuses an overlay that takes the label away by which the Service finds the pods', () => {
    const text = `${head}  deployment: {spec: {template: {metadata: {labels: {app: other}}}}}\n  versions:\n  - image: registry.example/shop:v1\n`;
    expect(() => deployment(text)).toThrow('the Service of shop-0 finds its pods by app: shop-0');
  });

  test("merges labels and annotations, the version's own winning", () => {
    const text = `${head}  metadata: {labels: {team: a, tier: web}, annotations: {note: x}}\n  versions:\n  - metadata: {labels: {team: b}}\n    image: registry.example/shop:v1\n`;
    const metadata = manifestsOf(releaseOf(text)).map((each) => each.metadata);
    const shared = { labels: { team: 'b', tier: 'web' }, annotations: { note: 'x' } };
    expect(metadata).toMatchObject([shared, shared]);
  });
});

const image = 'image: registry.example/shop:v1';

describe('renderVersions(), of autoscalers and disruption budgets', () => {
  test('adds both to a version that has them', () => {
    const text = `${head}  autoscaler: {maxReplicas: 3}\n  disruptionBudget: {minAvailable: 1}\n  versions:\n  - ${image}\n`;
    const objects = manifestsOf(releaseOf(text));
    expect(objects.find(({ kind }) => kind === 'HorizontalPodAutoscaler')).toMatchObject({
      metadata: { name: 'shop-0' },
      spec: { scaleTargetRef: { kind: 'Deployment', name: 'shop-0' }, minReplicas: 1, maxReplicas: 3 },
    });
    expect(objects.find(({ kind }) => kind === 'PodDisruptionBudget')).toMatchObject({
      spec: { minAvailable: 1, selector: { matchLabels: { app: 'shop-0' } } },
    });
  });
});

/** A release whose versions have one line each. */
function modelOf(application: string, ...versions: string[]) {
  const entries = versions.map((line, i) => `  - {metadata: {name: v${i}}, ${image}, ${line}}\n`).join('');
  return releaseOf(`environment: gateway-api\napplication:\n  port: 8080\n${application}  versions:\n${entries}`).model;
}

/** The same release with an autoscaler in every version, put in behind the checks of loading. */
function scaled(model: ReleaseModel): ReleaseModel {
  const autoscaler = { minReplicas: 1, maxReplicas: 3, metrics: [], behavior: undefined };
  return { ...model, versions: model.versions.map((version) => ({ ...version, autoscaler })) };
}

const replicas = (count: number | null) => `deployment: {spec: {replicas: ${count}}}`;

describe('the autoscaler of a version', () => {
  test('has no behavior where the values give an empty one', () => {
    const model = modelOf('  autoscaler: {maxReplicas: 3, behavior: {}}\n', 'port: 8080');
    expect(model.versions[0]?.autoscaler).toMatchObject({ maxReplicas: 3, behavior: undefined });
  });
});

describe('refuseScaling()', () => {
  test('refuses a fixed number of pods beside an autoscaler, where it stands', () => {
    const path = ['application', 'versions', 1, 'deployment', 'spec', 'replicas'];
    expect(refuseScaling(scaled(modelOf('', 'port: 8080', replicas(2))))).toMatchObject([{ path }]);
  });

  test("refuses the application's once for all versions", () => {
    const path = ['application', 'deployment', 'spec', 'replicas'];
    const model = modelOf(`  ${replicas(2)}\n`, 'port: 8080', 'port: 8080');
    expect(refuseScaling(scaled(model))).toMatchObject([{ path }]);
    expect(refuseScaling(scaled(modelOf(`  ${replicas(2)}\n`, replicas(null))))).toEqual([]);
  });

  test('refuses that of a specification, and none without an autoscaler', () => {
    const spec =
      '{replicas: 2, selector: {matchLabels: {app: v0}}, template: {metadata: {labels: {app: v0}}, spec: {containers: [{name: a, image: b}]}}}';
    const model = modelOf('', `deploymentSpecification: {spec: ${spec}}`);
    const path = ['application', 'versions', 0, 'deploymentSpecification', 'spec', 'replicas'];
    expect(refuseScaling(scaled(model))).toMatchObject([{ path, message: expect.stringContaining('is 2, but v0') }]);
    expect(refuseScaling(model)).toEqual([]);
  });

  test("allows an autoscaler over a workload of the user's own", () => {
    const model = scaled(modelOf('', replicas(2)));
    const workload = { name: 'own', matchLabels: { app: 'own' } };
    expect(refuseScaling({ ...model, versions: model.versions.map((each) => ({ ...each, workload })) })).toEqual([]);
  });
});

describe('refusePorts()', () => {
  const ports = (list: string, more = '') => `serviceSpecification: {spec: {${more}ports: ${list}}}`;

  test('refuses a Service that was given whole and lists other ports than the one on which its version is reached', () => {
    const path = ['application', 'versions', 1, 'serviceSpecification', 'spec', 'ports'];
    const message = 'lacks 8080, the port on which v1 is reached';
    const given = ports('[{name: http, port: 80, targetPort: 8080}, {name: admin, port: 9090}]');
    const hint = "Add the port, or set the version's port to 80 or 9090.";
    const { versions, ...model } = modelOf('', 'port: 8080', given);
    const moved = versions.map((each) => ({ ...each, address: { ...each.address, port: 8080 } }));
    expect(refusePorts({ ...model, versions: moved })).toEqual([{ path, message, hint }]);
  });

  test.each([
    ['the port', `port: 8080, ${ports('[{name: a, port: 80}, {name: http, port: 8080, targetPort: web}]')}`],
    ['the first port, where none is said', ports('[{port: 80, targetPort: 8080}]')],
    ['the port of a headless Service', `port: 8080, ${ports('[{port: 8080}]', 'clusterIP: None, ')}`],
    ['no port of a headless Service', `port: 8080, ${ports('[]', 'clusterIP: None, ')}`],
    [
      'no port of a name elsewhere',
      'port: 8080, serviceSpecification: {spec: {type: ExternalName, externalName: a.b}}',
    ],
    ['where Iter8 looks for a port', 'serviceSpecification: {ports: [{port: 8080}], spec: {ports: [{port: 8080}]}}'],
    ['a Service that is generated', 'port: 8080'],
  ])('takes %s', (_, version) => {
    expect(refusePorts(modelOf('', version))).toEqual([]);
  });

  test.each([
    ['istio', true],
    ['gateway-api', true],
    ['emissary', true],
    // The Service that divides the pods is another one, and without a route nothing asks for the port.
    ['kubernetes', false],
  ])('is asked in %s where a route leads there: %j', (environment, isRefused) => {
    const strategy = environment === 'kubernetes' ? 'none' : 'blue-green';
    const text = `environment: ${environment}
application:
  strategy: ${strategy}
  versions:
  - {metadata: {name: v0}, image: "registry.example/a:1", port: 8080, ${ports('[{port: 80, targetPort: 8080}]')}}
`;
    const load = () => loadValues(text, { file: 'values.yaml', name: 'shop', namespace: 'default' });
    if (isRefused) expect(load).toThrow('lacks 8080');
    else expect(load().notices.map(({ message }) => message)).toContain('lacks 8080, the port on which v0 is reached');
  });

  test.each([
    ['emissary', 'clusterIP: None', false],
    ['emissary', 'type: ExternalName, externalName: shop.example', false],
    ['emissary', 'type: NodePort', true],
    ['istio', 'clusterIP: None', true],
    ['gateway-api', 'clusterIP: None', true],
  ])('is asked in %s of a Service with %s: %j', (environment, written, isRefused) => {
    const text = `environment: ${environment}
application:
  strategy: none
  port: 8080
  versions:
  - {metadata: {name: v0}, image: "registry.example/a:1", port: 8080, ${ports('[{port: 80}]', `${written}, `)}}
`;
    const load = () => loadValues(text, { file: 'values.yaml', name: 'shop', namespace: 'default' });
    if (isRefused) expect(load).toThrow('lacks 8080');
    else expect(load().notices.map(({ message }) => message)).toContain('lacks 8080, the port on which v0 is reached');
  });
});

describe('noticeSelectors()', () => {
  const pods = (label: string) =>
    `deploymentSpecification: {spec: {selector: {matchLabels: {${label}}}, template: {metadata: {labels: {${label}}}, spec: {containers: [{name: a, image: b}]}}}}`;

  test('reports pods that the generated Service does not select', () => {
    const path = ['application', 'versions', 0, 'deploymentSpecification', 'spec', 'template', 'metadata', 'labels'];
    const message = 'lacks app: v0, so the Service of v0 finds no pods';
    expect(noticeSelectors(modelOf('', pods('app: web')))).toMatchObject([{ path, message }]);
    expect(noticeSelectors(modelOf('', pods('app: v0, tier: web')))).toEqual([]);
    const both = `${pods('app: web')}, serviceSpecification: {spec: {selector: {app: web}, ports: [{port: 8080}]}}`;
    expect(noticeSelectors(modelOf('', both))).toEqual([]);
  });

  test('reports a selector that fits no pod of the release, in the namespace of its Service', () => {
    const path = ['application', 'versions', 0, 'serviceSpecification', 'spec', 'selector'];
    const given = (selector: string, metadata = '') =>
      `serviceSpecification: {${metadata}spec: {selector: ${selector}, ports: [{port: 8080}]}}`;
    expect(noticeSelectors(modelOf('', given('{app: web}')))).toMatchObject([
      { path, message: 'fits no pod of this release in default, so v0 may not answer' },
    ]);
    expect(noticeSelectors(modelOf('', given('{app: v0}', 'metadata: {namespace: far}, ')))).toMatchObject([{ path }]);
    expect(noticeSelectors(modelOf('', given('{app: v1}'), 'port: 8080'))).toEqual([]);
    expect(noticeSelectors(modelOf('', given('{}')))).toEqual([]);
  });

  test("takes a workload of the user's own to have any further label", () => {
    const model = modelOf('', 'serviceSpecification: {spec: {selector: {tier: web}, ports: [{port: 8080}]}}');
    const own = (matchLabels: Record<string, string>) => ({
      ...model,
      versions: model.versions.map((each) => ({ ...each, workload: { name: 'own', matchLabels } })),
    });
    expect(noticeSelectors(own({ app: 'own' }))).toEqual([]);
    expect(noticeSelectors(own({ tier: 'back' }))).toHaveLength(1);
  });
});
