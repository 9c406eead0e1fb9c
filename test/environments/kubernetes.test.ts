import { describe, expect, test } from 'vitest';
import { kubernetes } from '../../src/environments/kubernetes.js';
import type { Manifest } from '../../src/release/model.js';
import { blueGreen as blueGreenStrategy } from '../../src/strategies/blue-green.js';
import { none as noneStrategy } from '../../src/strategies/none.js';
import { manifestsOf } from '../../src/synth/manifests.js';
import { loadedOf, refusalsOf, releaseOf, twoVersions } from '../release-of.js';

/** Blue-green on kubernetes with further lines in the application and in v2; replicas are among them or missing. */
function blueGreen(application: readonly string[], second: readonly string[] = []): string {
  const lines = application.map((line) => `\n  ${line}`).join('');
  const text = twoVersions('kubernetes', 'blue-green', second).replace('  replicas: 10\n', '');
  return text.replace('  port: 8080', `  port: 8080${lines}`);
}

function objects(text: string): Map<string, Partial<Manifest>> {
  return new Map(manifestsOf(releaseOf(text)).map((each) => [`${each.kind}/${each.metadata.name}`, each]));
}

const ten = 'replicas: 10';
const selector = { 'app.kubernetes.io/name': 'shop', 'app.kubernetes.io/managed-by': 'sluice' };

describe('kubernetes, blue-green', () => {
  test('render() puts one Service over the pods of all versions, divided by weight', () => {
    const all = objects(blueGreen([ten]));
    expect([...all.keys()].sort()).toEqual([
      'Deployment/v1',
      'Deployment/v2',
      'Service/shop',
      'Service/v1',
      'Service/v2',
    ]);
    expect(all.get('Service/shop')?.spec).toEqual({
      type: 'ClusterIP',
      selector,
      ports: [{ port: 8080, targetPort: 8080, protocol: 'TCP' }],
      sessionAffinity: 'None',
    });
    const template = { metadata: { labels: { app: 'v1', ...selector } } };
    expect(all.get('Deployment/v1')?.spec).toMatchObject({
      replicas: 9,
      selector: { matchLabels: { app: 'v1' } },
      template,
    });
    expect(all.get('Deployment/v2')?.spec).toMatchObject({ replicas: 1 });
    expect(all.get('Service/v2')?.spec).toMatchObject({ selector: { app: 'v2' } });
  });

  test('render() stops the pods of a version out of the split', () => {
    const all = objects(blueGreen([ten], ['routed: false']));
    expect(all.get('Deployment/v1')?.spec).toMatchObject({ replicas: 10 });
    expect(all.get('Deployment/v2')?.spec).toMatchObject({ replicas: 0 });
  });

  test('render() merges the selecting labels into a deploymentSpecification and takes the port of a serviceSpecification', () => {
    const given = (name: string) => [
      'serviceSpecification: {spec: {selector: {app: x}, ports: [{port: 8080, targetPort: web, appProtocol: http}]}}',
      'deploymentSpecification:',
      '  spec:',
      `    selector: {matchLabels: {app: ${name}}}`,
      `    template: {metadata: {labels: {app: ${name}, tier: web}}, spec: {containers: [{name: main, image: i}]}}`,
    ];
    const first = given('v1')
      .map((line) => `    ${line}\n`)
      .join('');
    const text = blueGreen([ten], given('v2')).replace('    weight: 90\n', `    weight: 90\n${first}`);
    const all = objects(text);
    expect(all.get('Deployment/v2')?.spec).toMatchObject({
      replicas: 1,
      template: {
        metadata: { labels: { app: 'v2', tier: 'web', ...selector } },
        spec: { containers: [{ name: 'main', image: 'i' }] },
      },
    });
    const ports = [{ port: 8080, targetPort: 'web', protocol: 'TCP', appProtocol: 'http' }];
    expect(all.get('Service/shop')?.spec).toMatchObject({ ports });
  });

  test('render() keeps the number of pods and the selecting labels where an overlay removes what is around them', () => {
    const given = ['deployment: {spec: {replicas: null, template: {metadata: {labels: {tier: web}}}}}'];
    expect(objects(blueGreen([ten], given)).get('Deployment/v2')?.spec).toMatchObject({
      replicas: 1,
      template: { metadata: { labels: { app: 'v2', tier: 'web', ...selector } } },
    });
  });

  test('prepare() gives the versions their pods, and leaves no replicas where nothing divides them', () => {
    const { model } = releaseOf(blueGreen([ten]));
    const divided = kubernetes.prepare(model, blueGreenStrategy.plan(model)).release;
    expect(divided.versions.map(({ pods }) => pods)).toEqual([9, 1]);
    const open = kubernetes.prepare(model, noneStrategy.plan(model)).release;
    expect(open.replicas).toBeUndefined();
    expect(open.versions.map(({ pods }) => pods)).toEqual([undefined, undefined]);
  });

  test('render() keeps clients by their address', () => {
    const text = blueGreen([ten, 'sessionAffinity: {type: ClientIP, maxAge: 24h}']);
    expect(objects(text).get('Service/shop')?.spec).toMatchObject({
      sessionAffinity: 'ClientIP',
      sessionAffinityConfig: { clientIP: { timeoutSeconds: 86_400 } },
    });
  });

  test('render() gives a version below half a percent its pod, where there are enough', () => {
    for (const [first, second] of [
      ['199', '1'],
      ['1', '199'],
    ] as const) {
      const text = blueGreen(['replicas: 200']).replace('weight: 90', `weight: ${first}`);
      const all = objects(text.replace('weight: 10', `weight: ${second}`));
      expect(all.get('Deployment/v1')?.spec).toMatchObject({ replicas: Number(first) });
      expect(all.get('Deployment/v2')?.spec).toMatchObject({ replicas: Number(second) });
    }
  });

  test('refuses() a share below half a percent where the evaluator goes by whole percents', () => {
    const text = blueGreen(['replicas: 200']).replace('weight: 90', 'weight: 199').replace('weight: 10', 'weight: 1');
    const rollout = 'rollout: {policy: steps, steps: [50]}\n';
    const analysis =
      'analysis: {interval: 60s, judge: threshold, objectives: [{metric: error-rate, upperLimit: 0.1}]}\n';
    expect(refusalsOf(text)).toEqual([]);
    expect(refusalsOf(text + analysis + rollout)).toEqual([
      expect.stringContaining('is 1 of 200, which rounds to 0 %'),
    ]);
  });

  test('notices() reports no selector that fits by the labels of the division', () => {
    const given = [
      'deploymentSpecification: {spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: b}]}}}}',
      'serviceSpecification: {spec: {selector: {app.kubernetes.io/name: shop, a: b}, ports: [{port: 8080}]}}',
    ];
    expect(loadedOf(blueGreen([ten], given)).notices).toEqual([]);
  });

  test('notices() reports the split that the pods make', () => {
    const { notices } = loadedOf(blueGreen(['replicas: 4']).replace('weight: 90', 'weight: 70').replace('10', '30'));
    expect(notices).toMatchObject([
      { path: 'application.replicas', message: 'is 4, which makes v1 75 % and v2 25 % instead of 70 % and 30 %' },
    ]);
  });

  const autoscaler = 'autoscaler: {maxReplicas: 3}';
  const labels = 'deployment: {spec: {template: {metadata: {labels: {app.kubernetes.io/name: x}}}}}';
  const refused: [string, readonly string[], readonly string[], string][] = [
    ['no number of pods', [], [], 'application.replicas is missing'],
    ['a share without a pod', ['replicas: 3'], [], 'application.versions[1].weight is 10 of 100, which is no pod of 3'],
    ['an autoscaler', [ten], [autoscaler], 'application.versions[1].autoscaler would change the number of pods'],
    ["a version's replicas", [ten], ['deployment: {spec: {replicas: 3}}'], 'versions[1].deployment.spec.replicas is 3'],
    [
      "the application's replicas",
      [ten, 'deployment: {spec: {replicas: 3}}'],
      [],
      'application.deployment.spec.replicas is 3, but the weights divide the pods',
    ],
    [
      'replicas of a specification',
      [ten],
      [
        'deploymentSpecification: {spec: {replicas: 3, selector: {matchLabels: {app: v2}}, template: {metadata: {labels: {app: v2}}, spec: {containers: [{name: a, image: b}]}}}}',
      ],
      'versions[1].deploymentSpecification.spec.replicas is 3',
    ],
    ['another port', [ten], ['port: 9090'], 'application.versions[1].port is 9090, but that of v1 is 8080'],
    [
      'another target',
      [ten],
      ['serviceSpecification: {spec: {ports: [{port: 8080, targetPort: web}]}}'],
      'versions[1].serviceSpecification.spec.ports[0].targetPort is "web", but that of v1 is 8080',
    ],
    ['another protocol', [ten], ['appProtocol: grpc'], 'versions[1].appProtocol is "grpc", but that of v1 is none'],
    [
      'the namespace of a specification',
      [ten],
      ['deploymentSpecification: {metadata: {namespace: far}}'],
      'versions[1].deploymentSpecification.metadata.namespace is far, but the Service shop reaches',
    ],
    [
      'the name of the release',
      [ten],
      ['serviceSpecification: {metadata: {name: shop}}'],
      'versions[1].serviceSpecification.metadata.name is "shop", the name of the release',
    ],
    ['a label that selects', [ten], [labels], 'labels.app.kubernetes.io/name is "x", but the Service shop finds'],
    [
      'a client that is remembered for too long',
      [ten, 'sessionAffinity: {type: ClientIP, maxAge: 25h}'],
      [],
      'application.sessionAffinity.maxAge is 90000 seconds',
    ],
    [
      'a cookie where none is used',
      [ten, 'sessionAffinity: {type: ClientIP, cookie: sid}'],
      [],
      'application.sessionAffinity.cookie has no effect with type ClientIP',
    ],
    ['a split inside a match', [ten, 'match: [{headers: {a: {exact: b}}}]'], [], 'application.match'],
  ];
  test.each(refused)('refuses() %s', (_, application, second, message) => {
    expect(refusalsOf(blueGreen(application, second))).toEqual([expect.stringContaining(message)]);
  });

  test('refuses() the namespace of a version', () => {
    const text = blueGreen([ten]).replace('metadata: {name: v2}', 'metadata: {name: v2, namespace: far}');
    expect(refusalsOf(text)).toEqual([
      expect.stringContaining('versions[1].metadata.namespace is far, but the Service shop reaches'),
    ]);
  });

  test('refuses() what the application says once, not once more for every version', () => {
    const text = blueGreen([ten, 'deployment: {spec: {replicas: 3}}']);
    expect(refusalsOf(text)).toHaveLength(1);
  });
});

describe('kubernetes, none', () => {
  const none = twoVersions('kubernetes', 'none');
  const withLine = (line: string) => none.replace('  port: 8080', `  port: 8080\n  ${line}`);

  test('render() writes no replicas and no shared Service, and a version may be called like the release', () => {
    const all = objects(none.replace('{name: v1}', '{name: shop}'));
    expect([...all.keys()].sort()).toEqual(['Deployment/shop', 'Deployment/v2', 'Service/shop', 'Service/v2']);
    expect(all.get('Deployment/shop')?.spec).not.toHaveProperty('replicas');
  });

  test('render() lets versions have a namespace of their own', () => {
    const far = none.replace('metadata: {name: v2}', 'metadata: {name: v2, namespace: far}');
    expect(objects(far).get('Deployment/v2')).toMatchObject({ metadata: { namespace: 'far' } });
  });

  test('refuses() what would have no effect', () => {
    expect(refusalsOf(withLine(ten))).toEqual([
      expect.stringContaining('application.replicas has no effect, since no weights divide'),
    ]);
    const affinity = withLine('sessionAffinity: {type: ClientIP}');
    expect(refusalsOf(affinity)).toEqual([expect.stringContaining('application.sessionAffinity has no effect')]);
  });

  test('refuses() an autoscaler beside a fixed number of pods', () => {
    const text = withLine('autoscaler: {maxReplicas: 3}\n  deployment: {spec: {replicas: 2}}');
    expect(refusalsOf(text)).toEqual([
      expect.stringContaining('application.deployment.spec.replicas is 2, but v1 has an autoscaler'),
    ]);
  });
});
