import { describe, expect, test } from 'vitest';
import { manifestsOf } from '../../src/synth/manifests.js';
import { releaseOf, twoVersions } from '../release-of.js';

interface Route {
  readonly spec: { readonly [key: string]: unknown; readonly http: readonly { readonly name: string }[] };
}

function find(text: string, kind: string, name = 'shop') {
  return manifestsOf(releaseOf(text)).find((each) => each.kind === kind && each.metadata.name === name);
}

function route(text: string, name = 'shop'): Route {
  return find(text, 'VirtualService', name) as unknown as Route;
}

/** The second version, then lines of the application. */
function application(text: string, lines: readonly string[]): string {
  return text.replace('application:\n', ['application:', ...lines.map((line) => `  ${line}`), ''].join('\n'));
}

const local = 'knative-local-gateway.istio-system.svc.cluster.local';
const ingress = 'istio-ingressgateway.istio-system.svc.cluster.local';
const third = ['- metadata: {name: v3}', '  storageUri: s3://v3', '  weight: 30'];

describe('kserve, Serverless', () => {
  test('render() splits in two hops, the rules of the branches first', () => {
    const { spec } = route(twoVersions('kserve', 'blue-green'));
    expect(spec.gateways).toEqual([
      'knative-serving/knative-ingress-gateway',
      'knative-serving/knative-local-gateway',
      'mesh',
    ]);
    expect(spec.http).toMatchObject([
      { match: [{ headers: { branch: { exact: 'v1' } } }], rewrite: { uri: '/v2/models/v1/infer' } },
      {
        match: [{ headers: { branch: { exact: 'v2' } } }],
        rewrite: { uri: '/v2/models/v2/infer' },
        route: [
          {
            destination: { host: local },
            headers: {
              request: { set: { Host: 'v2-predictor.default.svc.cluster.local' }, remove: ['branch'] },
              response: { set: { 'app-version': 'v2' } },
            },
          },
        ],
      },
      {
        route: [
          { weight: 90, headers: { request: { set: { branch: 'v1', host: 'shop.default' } } } },
          { weight: 10, headers: { request: { set: { branch: 'v2', host: 'shop.default' } } } },
        ],
      },
    ]);
  });

  test('render() keeps the matched path of a split from the second hop', () => {
    const match = ['match: [{uri: {prefix: /predict}, headers: {x-tester: {exact: "yes"}}}]'];
    const { http } = route(application(twoVersions('kserve', 'blue-green'), match)).spec;
    expect(http.map(({ name }) => name)).toEqual(['branch-v1', 'branch-v2', 'shop', 'v1']);
    expect(http[0]).toMatchObject({ match: [{ headers: { branch: { exact: 'v1' } } }] });
    expect(http[2]).toMatchObject({ match: [{ uri: { prefix: '/predict' } }], rewrite: { uri: '/' } });
  });

  test('render() sends what a canary matches to it in one hop', () => {
    const { http } = route(twoVersions('kserve', 'canary')).spec;
    expect(http).toMatchObject([
      {
        match: [{ headers: { traffic: { exact: 'test' } } }],
        rewrite: { uri: '/v2/models/v2/infer' },
        route: [{ headers: { request: { set: { Host: 'v2-predictor.default.svc.cluster.local' } } } }],
      },
      { rewrite: { uri: '/v2/models/v1/infer' } },
    ]);
  });

  test('render() adds the hosts and their gateways', () => {
    const hosts = ['hosts: [{name: shop.example, gateway: edge/public}]'];
    const { spec } = route(application(twoVersions('kserve', 'none'), hosts));
    expect(spec.hosts).toContain('shop.example');
    expect(spec.gateways).toContain('edge/public');
  });

  test.each([
    ['protocolVersion: v1', '/v1/models/v2:predict'],
    ['protocolVersion: grpc-v1', undefined],
    ['protocolVersion: grpc-v2', undefined],
    ['ports: [{containerPort: 9000, name: h2c}]', '/v2/models/v2/infer'],
    ['inferenceService: {spec: {predictor: {model: {protocolVersion: v1}}}}', '/v1/models/v2:predict'],
  ])('render() of %s rewrites to %s', (line, uri) => {
    const text = twoVersions('kserve', 'canary', [line]).replace('    weight: 90', `    ${line}`);
    const [canary] = route(text).spec.http;
    expect((canary as { rewrite?: { uri: string } }).rewrite?.uri).toBe(uri);
  });

  test('render() uses the namespace of the version, and its own name of the predictor in 0.10', () => {
    const text = twoVersions('kserve-0.10', 'canary').replace('{name: v2}', '{name: v2, namespace: lab}');
    expect(JSON.stringify(route(text))).toContain('v2-predictor-default.lab.svc.cluster.local');
  });

  test('render() gives a mirrored copy the Host and the path of its candidate', () => {
    const text = twoVersions('kserve', 'mirrored');
    expect(route(text).spec.http).toMatchObject([
      {
        route: [{ headers: { request: { set: { Host: 'v1-predictor.default.svc.cluster.local' } } } }],
        mirrors: [{ destination: { host: ingress, port: { number: 80 } }, percentage: { value: 10 } }],
      },
    ]);
    expect(route(text, 'shop-shadow').spec).toMatchObject({
      hosts: ['v1-predictor.default.svc.cluster.local', 'v1-predictor.default.svc.cluster.local-shadow'],
      gateways: ['knative-serving/knative-ingress-gateway'],
      http: [
        {
          match: [{ uri: { prefix: '/v2/models/v1/infer' } }],
          rewrite: { uri: '/v2/models/v2/infer' },
          route: [
            {
              destination: { host: local },
              headers: { request: { set: { Host: 'v2-predictor.default.svc.cluster.local' } } },
            },
          ],
        },
      ],
    });
  });

  test('render() shares the copies among several candidates, without the branch of a client', () => {
    const text = twoVersions('kserve', 'mirrored', []).concat(third.map((line) => `  ${line}\n`).join(''));
    expect(route(text).spec.http).toMatchObject([
      { route: [{ headers: { request: { remove: ['branch'] } } }], mirrors: [{ percentage: { value: 40 } }] },
    ]);
    expect(route(text, 'shop-shadow').spec.http).toMatchObject([
      { match: [{ uri: { prefix: '/v2/models/v1/infer' }, headers: { branch: { exact: 'v2' } } }] },
      { match: [{ headers: { branch: { exact: 'v3' } } }], rewrite: { uri: '/v2/models/v3/infer' } },
      {
        // Without it, a foreign path would come back here for ever.
        match: [{ uri: { prefix: '/v2/models/v1/infer' } }],
        route: [
          { weight: 25, headers: { request: { set: { branch: 'v2' } } } },
          { weight: 75, headers: { request: { set: { branch: 'v3' } } } },
        ],
      },
    ]);
  });

  test('render() adds no second VirtualService where nothing is mirrored', () => {
    expect(find(twoVersions('kserve', 'blue-green'), 'VirtualService', 'shop-shadow')).toBeUndefined();
  });
});

describe('kserve, RawDeployment', () => {
  const raw = (environment: string, strategy: string, second: readonly string[] = []) =>
    application(twoVersions(environment, strategy, second), ['deploymentMode: RawDeployment']);

  test.each([
    ['kserve', 'v2-predictor'],
    ['kserve-0.10', 'v2-predictor-default'],
  ])('render() of %s routes to the Services of the predictors', (environment, name) => {
    expect(find(raw(environment, 'blue-green'), 'HTTPRoute')).toMatchObject({
      spec: { rules: [{ backendRefs: [{ weight: 90 }, { kind: 'Service', name, port: 80, weight: 10 }] }] },
    });
    expect(find(raw(environment, 'blue-green'), 'InferenceService', 'v2')).toMatchObject({
      metadata: { annotations: { 'serving.kserve.io/deploymentMode': 'RawDeployment' } },
    });
  });

  test('refuses() what an HTTPRoute cannot match', () => {
    expect(() => releaseOf(raw('kserve', 'canary', ['match: [{sourceLabels: {app: web}}]']))).toThrow('sourceLabels');
  });
});

describe('kserve, refuses()', () => {
  const long = 'v'.repeat(58);
  const mirrored = twoVersions('kserve', 'mirrored');
  const matched = (match: string) => application(twoVersions('kserve', 'blue-green'), [`match: [${match}]`]);

  test.each([
    ['a version called like the release', mirrored.replace('name: v2', 'name: shop'), 'the name of the release'],
    ['a long name', mirrored.replace('name: v2', `name: ${long}`), 'longer than 63 characters'],
    ['a version called like a predictor', mirrored.replace('name: v2', 'name: v1-predictor'), 'predictor of v1'],
    ['a version called like the second route', mirrored.replace('name: v2', 'name: shop-shadow'), 'mirrored requests'],
    [
      'mirrors of more than everything',
      mirrored.concat(third.join('\n  ').replace(/^/, '  ').replace('30', '95')),
      '105 %',
    ],
    ['a copy that would become gRPC', mirrored.replace('weight: 10', 'protocolVersion: grpc-v2'), 'speaks gRPC'],
    [
      'a split between protocols',
      twoVersions('kserve', 'blue-green', ['protocolVersion: grpc-v1']),
      'speaks gRPC and the primary v1 speaks HTTP',
    ],
    [
      'HTTP beside a primary of gRPC',
      twoVersions('kserve', 'canary', ['protocolVersion: v1']).replace(
        '    weight: 90',
        '    protocolVersion: grpc-v2',
      ),
      'speaks HTTP and the primary v1 speaks gRPC',
    ],
    [
      'a protocol of a specification, in RawDeployment',
      application(
        twoVersions('kserve', 'blue-green', [
          'inferenceService: {spec: {predictor: {model: {protocolVersion: grpc-v2}}}}',
        ]),
        ['deploymentMode: RawDeployment'],
      ),
      'speaks grpc and the primary v1 speaks http',
    ],
    ['a match on the header of the hops', matched('{headers: {Branch: {exact: x}}}'), 'carries the version'],
    [
      'another mode in an annotation',
      mirrored.replace('{name: v2}', '{name: v2, annotations: {serving.kserve.io/deploymentMode: ModelMesh}}'),
      'the routes are those of Serverless',
    ],
    [
      'a protocol without a known path',
      twoVersions('kserve', 'canary', ['inferenceService: {spec: {predictor: {model: {protocolVersion: v9}}}}']),
      'whose path is unknown',
    ],
  ])('refuses() %s', (_what, text, message) => {
    expect(() => releaseOf(text)).toThrow(message);
  });

  test('refuses() no version of another protocol that is not routed, nor v1 beside v2', () => {
    const apart = ['protocolVersion: grpc-v2', 'routed: false'];
    expect(() => releaseOf(twoVersions('kserve', 'blue-green', apart))).not.toThrow();
    expect(() => releaseOf(twoVersions('kserve', 'blue-green', ['protocolVersion: v1']))).not.toThrow();
  });

  test('refuses() a release whose second route has no name left', () => {
    const text = application(mirrored, [`metadata: {name: ${'s'.repeat(60)}}`]);
    expect(() => releaseOf(text)).toThrow('longer than 63 characters');
  });
});
