import { describe, expect, test } from 'vitest';
import { manifestsOf } from '../../src/synth/manifests.js';
import { loadedOf, refusalsOf, releaseOf } from '../release-of.js';

function values(strategy: string, weights: readonly number[], more = ''): string {
  const versions = weights.map((weight, i) => `  - {storageUri: s3://models/v${i}, weight: ${weight}}\n`).join('');
  return `environment: modelmesh\napplication:\n  modelFormat: sklearn\n  strategy: ${strategy}\n${more}  versions:\n${versions}`;
}

function object(text: string, kind: string, name = 'shop') {
  const found = manifestsOf(releaseOf(text)).find((each) => each.kind === kind && each.metadata.name === name);
  if (found === undefined) throw new Error(`no ${kind} ${name}`);
  return found as unknown as { metadata: object; spec: Record<string, unknown> };
}

function keys(text: string): string[] {
  return manifestsOf(releaseOf(text)).map(({ kind, metadata }) => `${kind}/${metadata.name}`);
}

const hosts = ['shop.default', 'shop.default.svc', 'shop.default.svc.cluster.local'];
const served = { host: 'modelmesh-serving.modelmesh-serving.svc.cluster.local', port: { number: 8033 } };

describe('modelmesh', () => {
  test('render() makes an InferenceService per version and the names of the release known to the mesh', () => {
    const text = values('none', [50, 50]);
    expect(keys(text)).toEqual([
      'InferenceService/shop-0',
      'InferenceService/shop-1',
      'ServiceEntry/shop',
      'VirtualService/shop',
    ]);
    expect(object(text, 'InferenceService', 'shop-0')).toMatchObject({
      metadata: { annotations: { 'serving.kserve.io/deploymentMode': 'ModelMesh' } },
      spec: { predictor: { model: { modelFormat: { name: 'sklearn' }, storageUri: 's3://models/v0' } } },
    });
    expect(object(text, 'ServiceEntry').spec).toEqual({
      hosts,
      location: 'MESH_INTERNAL',
      ports: [{ number: 8033, name: 'http', protocol: 'HTTP' }],
      resolution: 'DNS',
      workloadSelector: { labels: { 'modelmesh-service': 'modelmesh-serving' } },
    });
  });

  test('refuses() an annotation that says another deployment mode, and takes its own', () => {
    const annotated = (mode: string) =>
      values('none', [50], `  metadata: {annotations: {serving.kserve.io/deploymentMode: ${mode}}}\n`);
    expect(refusalsOf(annotated('Serverless'))).toEqual([
      'application.versions[0] has the annotation serving.kserve.io/deploymentMode with "Serverless", but the routes are those of ModelMesh',
    ]);
    expect(refusalsOf(annotated('ModelMesh'))).toEqual([]);
  });

  test('render() asks ModelMesh for the model of the version by a header', () => {
    const text = `${values('blue-green', [60, 40])}gateway: edge/public\nservice: {host: models.serving.svc.cluster.local, port: 9000}\n`;
    const destination = { host: 'models.serving.svc.cluster.local', port: { number: 9000 } };
    expect(object(text, 'VirtualService').spec).toMatchObject({
      hosts,
      gateways: ['edge/public', 'mesh'],
      http: [
        {
          route: [
            {
              destination,
              weight: 60,
              headers: {
                request: { set: { 'mm-vmodel-id': 'shop-0' } },
                response: { set: { 'app-version': 'shop-0' } },
              },
            },
            { destination, weight: 40, headers: { request: { set: { 'mm-vmodel-id': 'shop-1' } } } },
          ],
        },
      ],
    });
    expect(object(text, 'ServiceEntry').spec).toMatchObject({ ports: [{ number: 9000 }] });
  });

  test("render() puts a canary's match before the primary", () => {
    expect(object(values('canary', [1, 1]), 'VirtualService').spec).toMatchObject({
      http: [
        { match: [{ headers: { traffic: { exact: 'test' } } }], route: [{ destination: served, weight: 100 }] },
        { route: [{ headers: { request: { set: { 'mm-vmodel-id': 'shop-0' } } } }] },
      ],
    });
  });

  test('render() sends copies to the ingress gateway under an authority that is theirs alone', () => {
    const { spec } = object(values('mirrored', [0, 25]), 'VirtualService');
    const shadow = 'shop.default.svc.cluster.local-shadow';
    expect(spec.http).toMatchObject([
      {
        route: [{ destination: served, headers: { request: { set: { 'mm-vmodel-id': 'shop-0', Host: shadow } } } }],
        mirrors: [
          {
            destination: { host: 'istio-ingressgateway.istio-system.svc.cluster.local', port: { number: 80 } },
            percentage: { value: 25 },
          },
        ],
      },
    ]);
    expect(spec.hosts).not.toContain(shadow);
  });

  test('render() gives copies a rule of their own, whether or not the proxy appends -shadow', () => {
    const text = values('mirrored', [0, 25]);
    const shadow = 'shop.default.svc.cluster.local-shadow';
    const shadowHosts = ['shop.default-shadow', 'shop.default.svc-shadow', shadow, `${shadow}-shadow`];
    expect(object(text, 'Gateway', 'shop-shadow').spec).toEqual({
      selector: { istio: 'ingressgateway' },
      servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: shadowHosts }],
    });
    expect(object(text, 'VirtualService', 'shop-shadow').spec).toMatchObject({
      hosts: shadowHosts,
      gateways: ['shop-shadow'],
      http: [
        { route: [{ destination: served, weight: 100, headers: { request: { set: { 'mm-vmodel-id': 'shop-1' } } } }] },
      ],
    });
  });

  test('render() divides the copies over several candidates', () => {
    const text = values('mirrored', [0, 30, 10]);
    expect(object(text, 'VirtualService').spec.http).toMatchObject([{ mirrors: [{ percentage: { value: 40 } }] }]);
    expect(object(text, 'VirtualService', 'shop-shadow').spec.http).toMatchObject([
      {
        route: [
          { weight: 30, headers: { request: { set: { 'mm-vmodel-id': 'shop-1' } } } },
          { weight: 10, headers: { request: { set: { 'mm-vmodel-id': 'shop-2' } } } },
        ],
      },
    ]);
  });

  test('render() leaves the second hop out where nothing is copied', () => {
    expect(keys(values('mirrored', [0, 0])).filter((key) => key.endsWith('-shadow'))).toEqual([]);
  });

  test.each([
    ['copies of more than all requests', values('mirrored', [0, 60, 50]), 'copy 110 of 100 requests together'],
    [
      'a name that has no room for -shadow',
      values('mirrored', [0, 5], `  metadata: {name: ${'a'.repeat(57)}}\n`),
      `application.metadata.name is too long for copies, whose name would be ${'a'.repeat(57)}-shadow`,
    ],
    ['every host', values('none', [1], '  hosts: [{name: "*", gateway: edge}]\n'), 'application.hosts[0].name is *'],
  ])('refuses() %s', (_what, text, message) => {
    expect(refusalsOf(text)).toEqual([expect.stringContaining(message)]);
  });

  test('has no use for the ports of a model server, and says so', () => {
    const text = values('none', [50, 50], '  ports: [{containerPort: 8080}]\n').replace(
      's3://models/v1,',
      's3://models/v1, ports: [{containerPort: 9000}],',
    );
    expect(loadedOf(text).notices.map(({ path, message }) => `${path} ${message}`)).toEqual(
      expect.arrayContaining([
        'application.ports has no effect with environment modelmesh',
        'application.versions[1].ports has no effect with environment modelmesh',
      ]),
    );
  });
});
