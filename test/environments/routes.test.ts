import { describe, expect, test } from 'vitest';
import { manifestsOf } from '../../src/synth/manifests.js';
import { releaseOf, twoVersions } from '../release-of.js';

function object(text: string, kind: string, name = 'shop') {
  const found = manifestsOf(releaseOf(text)).find((each) => each.kind === kind && each.metadata.name === name);
  if (found === undefined) throw new Error(`no ${kind} ${name}`);
  return found as unknown as { spec: Record<string, never> };
}

const hosts = ['shop.default', 'shop.default.svc', 'shop.default.svc.cluster.local'];

describe('istio', () => {
  test('render() routes by weight to the Services and names the version in the answer', () => {
    const { spec } = object(twoVersions('istio', 'blue-green'), 'VirtualService');
    expect(spec).toMatchObject({
      hosts,
      gateways: ['mesh'],
      http: [
        {
          route: [
            {
              destination: { host: 'v1.default.svc.cluster.local', port: { number: 8080 } },
              weight: 90,
              headers: { response: { set: { 'app-version': 'v1' } } },
            },
            { weight: 10 },
          ],
        },
      ],
    });
  });

  test('render() puts the match before the primary and keeps what only Istio knows', () => {
    const match = [
      'match:',
      '- headers: {x-tester: {exact: "yes"}}',
      '  sourceLabels: {app: web}',
      '  uri: {prefix: /api}',
    ];
    const { spec } = object(twoVersions('istio', 'canary', match), 'VirtualService');
    expect(spec).toMatchObject({
      http: [
        {
          match: [{ headers: { 'x-tester': { exact: 'yes' } }, sourceLabels: { app: 'web' }, uri: { prefix: '/api' } }],
        },
        { route: [{ destination: { host: 'v1.default.svc.cluster.local' }, weight: 100 }] },
      ],
    });
  });

  test('render() mirrors the percent of the weight', () => {
    const { spec } = object(twoVersions('istio', 'mirrored'), 'VirtualService');
    expect(spec).toMatchObject({
      http: [{ mirrors: [{ destination: { host: 'v2.default.svc.cluster.local' }, percentage: { value: 10 } }] }],
    });
  });

  test('render() adds the gateway and the hosts of the application', () => {
    const text = `${twoVersions('istio', 'none').replace('  port: 8080', '  port: 8080\n  hosts: [{name: shop.example, gateway: edge/public}]')}gateway: edge/own\n`;
    const { spec } = object(text, 'VirtualService');
    expect(spec).toMatchObject({ hosts: [...hosts, 'shop.example'], gateways: ['edge/own', 'edge/public', 'mesh'] });
  });

  test('render() leaves the version header out where it is not wanted', () => {
    const text = twoVersions('istio', 'blue-green').replace('  port: 8080', '  port: 8080\n  versionHeader: false');
    expect(JSON.stringify(object(text, 'VirtualService'))).not.toContain('app-version');
  });
});

describe('gateway-api', () => {
  test('render() writes out what the API server would default', () => {
    const { spec } = object(`${twoVersions('gateway-api', 'blue-green')}gateway: infra/edge\n`, 'HTTPRoute');
    expect(spec).toMatchObject({
      hostnames: ['shop', ...hosts],
      parentRefs: [
        { group: '', kind: 'Service', name: 'shop', port: 80 },
        { group: 'gateway.networking.k8s.io', kind: 'Gateway', namespace: 'infra', name: 'edge' },
      ],
      rules: [
        {
          matches: [{ path: { type: 'PathPrefix', value: '/' } }],
          backendRefs: [
            { group: '', kind: 'Service', name: 'v1', port: 8080, weight: 90 },
            { group: '', kind: 'Service', name: 'v2', port: 8080, weight: 10 },
          ],
        },
      ],
    });
  });

  test("render() takes a canary's match in Istio's form as well", () => {
    const match = ['match:', '- headers: {x-tester: {exact: "yes"}}', '  method: {exact: GET}', '  uri: {exact: /api}'];
    const { spec } = object(twoVersions('gateway-api', 'canary', match), 'HTTPRoute');
    expect(spec).toMatchObject({
      rules: [
        {
          matches: [
            {
              path: { type: 'Exact', value: '/api' },
              method: 'GET',
              headers: [{ type: 'Exact', name: 'x-tester', value: 'yes' }],
            },
          ],
        },
        { backendRefs: [{ name: 'v1', weight: 100 }] },
      ],
    });
  });

  test('render() mirrors with a percent', () => {
    const { spec } = object(twoVersions('gateway-api', 'mirrored'), 'HTTPRoute');
    expect(spec).toMatchObject({
      rules: [
        {
          filters: [{ type: 'RequestMirror', requestMirror: { backendRef: { name: 'v2', port: 8080 }, percent: 10 } }],
          backendRefs: [{ name: 'v1', weight: 100 }],
        },
      ],
    });
  });

  test.each([
    ['a path by the prefix of its text', '- uri: {prefix: /eu-}', 'as text, /eu- fits /eu-x as well'],
    ['what only Istio knows', '- sourceLabels: {app: web}', 'an HTTPRoute has no sourceLabels'],
  ])('refuses() %s, with a position', (_what, match, message) => {
    expect(() => releaseOf(twoVersions('gateway-api', 'canary', ['match:', match]))).toThrow(message);
  });
});
