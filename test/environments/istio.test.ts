import { describe, expect, test } from 'vitest';
import { manifestsOf } from '../../src/synth/manifests.js';
import { noticesOf } from '../../src/values/check-meaning.js';
import { loadedOf, refusalsOf, releaseOf, twoVersions } from '../release-of.js';

interface Http {
  readonly name: string;
  readonly match?: readonly { readonly headers: Record<string, { readonly regex: string }> }[];
  readonly route: readonly { readonly headers?: object; readonly destination: object; readonly weight: number }[];
}

function spec(text: string, kind: string, name = 'shop') {
  const found = manifestsOf(releaseOf(text)).find((each) => each.kind === kind && each.metadata.name === name);
  return found?.spec as Record<string, unknown> | undefined;
}

function http(text: string): readonly Http[] {
  return (spec(text, 'VirtualService') as { http: Http[] } | undefined)?.http ?? [];
}

/** Adds lines to the application. */
function withLines(text: string, ...lines: string[]): string {
  return text.replace('  port: 8080\n', `  port: 8080\n${lines.map((line) => `  ${line}\n`).join('')}`);
}

function external(strategy: string, second = 'external: {deployment: shop-b, labels: {app: shop, track: b}}'): string {
  return [
    'environment: istio',
    'application:',
    '  port: 8080',
    `  strategy: ${strategy}`,
    '  versions:',
    '  - {metadata: {name: v1}, external: {deployment: shop-a}, weight: 90}',
    `  - {metadata: {name: v2}, ${second}, weight: 10}`,
    '',
  ].join('\n');
}

const behindService = { host: 'shop.default.svc.cluster.local', port: { number: 8080 } };

describe('istio with Deployments that exist', () => {
  test('render() reaches them as subsets of the Service that is called like the release', () => {
    const text = external('blue-green');
    expect(manifestsOf(releaseOf(text)).map(({ kind }) => kind)).toEqual(['DestinationRule', 'VirtualService']);
    expect(spec(text, 'DestinationRule')).toEqual({
      host: 'shop.default.svc.cluster.local',
      subsets: [
        { name: 'v1', labels: { app: 'shop-a' } },
        { name: 'v2', labels: { app: 'shop', track: 'b' } },
      ],
    });
    expect(http(text)[0]?.route).toMatchObject([
      { destination: { ...behindService, subset: 'v1' }, weight: 90 },
      { destination: { ...behindService, subset: 'v2' }, weight: 10 },
    ]);
  });

  test('render() mixes them with versions that it makes, in mirrors too', () => {
    const text = external('mirrored', 'image: registry.example/shop:v2');
    const kinds = manifestsOf(releaseOf(text)).map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    expect(kinds).toEqual(['Deployment/v2', 'Service/v2', 'DestinationRule/shop', 'VirtualService/shop']);
    expect(http(text)).toMatchObject([
      {
        route: [{ destination: { ...behindService, subset: 'v1' } }],
        mirrors: [{ destination: { host: 'v2.default.svc.cluster.local', port: { number: 8080 } } }],
      },
    ]);
  });

  test('render() keeps the subset of a version that is out of the route', () => {
    const second = 'routed: false, external: {deployment: shop-b}';
    expect(spec(external('blue-green', second), 'DestinationRule')).toMatchObject({
      subsets: [{ name: 'v1' }, { name: 'v2' }],
    });
    expect(http(external('blue-green', second))[0]?.route).toHaveLength(1);
  });

  test.each([
    ['the same labels', 'external: {deployment: shop-a}', 'versions[1].external.labels hold all the labels of v1'],
    [
      'labels that include those of another',
      'external: {deployment: shop-b, labels: {app: shop-a, track: b}}',
      'versions[1].external.labels hold all the labels of v1',
    ],
    [
      'another namespace',
      'external: {deployment: shop-b}, metadata: {name: v2, namespace: other}',
      'versions[1].metadata.namespace is other, where the Service shop selects no pods',
    ],
  ])('refuses() %s', (_what, second, message) => {
    const text = external('blue-green', second).replace('{metadata: {name: v2}, external', '{external');
    expect(refusalsOf(text)).toEqual([expect.stringContaining(message)]);
  });
});

describe('istio with cookie affinity', () => {
  const affinity = 'sessionAffinity: {type: Cookie, cookie: shop_session, maxAge: 30m}';

  function regexOf(version: string, lines: readonly string[] = [affinity]): RegExp {
    const rule = http(withLines(twoVersions('istio', 'blue-green'), ...lines)).find(({ route }) =>
      JSON.stringify(route).includes(`"${version}.default`),
    );
    return new RegExp(`^(?:${rule?.match?.[0]?.headers.cookie?.regex})$`);
  }

  test('render() sends a session to the version that it was dealt, and deals the others by weight', () => {
    const rules = http(withLines(twoVersions('istio', 'blue-green'), affinity));
    expect(rules.map(({ match, route }) => [match?.length ?? 0, route.map(({ weight }) => weight)])).toEqual([
      [1, [100]],
      [1, [100]],
      [0, [90, 10]],
    ]);
    expect(rules[2]?.route[1]?.headers).toEqual({
      response: {
        set: { 'app-version': 'v2' },
        add: { 'Set-Cookie': 'shop_session=v2; Path=/; Max-Age=1800; HttpOnly; SameSite=Lax' },
      },
    });
    expect(JSON.stringify(rules.slice(0, 2))).not.toContain('Set-Cookie');
  });

  test.each(['shop_session=v2', 'a=b; shop_session=v2', 'a=b;shop_session=v2; c=d'])('render() finds %s', (cookie) => {
    expect(regexOf('v2').test(cookie)).toBe(true);
    expect(regexOf('v1').test(cookie)).toBe(false);
  });

  test.each(['shop_session=v21', 'my_shop_session=v2', 'a=shop_session=v2', 'shop_session=v1', ''])(
    'render() does not take "%s" for a session of v2',
    (cookie) => expect(regexOf('v2').test(cookie)).toBe(false),
  );

  test('render() extends every match of a split, which keeps what it asks for', () => {
    const match = 'match: [{headers: {x-a: {exact: "1"}}}, {uri: {prefix: /b}}]';
    const rules = http(withLines(twoVersions('istio', 'blue-green'), affinity, match));
    expect(rules).toHaveLength(4);
    expect(rules[0]?.match).toMatchObject([
      { headers: { 'x-a': { exact: '1' }, cookie: { regex: expect.any(String) } } },
      { uri: { prefix: '/b' }, headers: { cookie: { regex: expect.any(String) } } },
    ]);
  });

  test('render() deals nothing where one version has all the traffic', () => {
    const text = withLines(twoVersions('istio', 'blue-green', ['routed: false']), affinity);
    expect(http(text)).toHaveLength(1);
    expect(JSON.stringify(http(text))).not.toContain('Set-Cookie');
  });

  test('refuses() a match that tests the cookies itself', () => {
    const match = 'match: [{headers: {Cookie: {regex: ".*beta.*"}}}]';
    const text = withLines(twoVersions('istio', 'blue-green'), affinity, match);
    expect(refusalsOf(text)).toEqual([
      expect.stringContaining('application.match[0] tests the header cookie, as session affinity does'),
    ]);
  });

  test('notices() that no session is dealt without weights', () => {
    const { values, release } = loadedOf(withLines(twoVersions('istio', 'canary'), affinity));
    expect(noticesOf(values, release).map(({ path }) => path)).toContainEqual(['application', 'sessionAffinity']);
  });
});

describe('istio with hosts', () => {
  const hostsOf = (...names: string[]) =>
    withLines(twoVersions('istio', 'none'), `hosts: [${names.map((name) => `{name: "${name}"}`).join(', ')}]`);

  test('render() takes names, wildcards and IP addresses, each once, and stays in the mesh without a gateway', () => {
    expect(
      spec(hostsOf('*.example.com', '10.0.0.1', 'fd00::1', 'shop.default', '10.0.0.1'), 'VirtualService'),
    ).toMatchObject({
      hosts: [
        'shop.default',
        'shop.default.svc',
        'shop.default.svc.cluster.local',
        '*.example.com',
        '10.0.0.1',
        'fd00::1',
      ],
      gateways: ['mesh'],
    });
  });

  test.each([
    ['*', 'application.hosts[1].name is *, which Istio refuses for the mesh'],
    ['shop.*.com', 'application.hosts[1].name is "shop.*.com", which is neither a host name nor an IP address'],
    ['shop.example:8080', 'application.hosts[1].name is "shop.example:8080"'],
  ])('refuses() the host %s', (name, message) => {
    expect(refusalsOf(hostsOf('shop.example', name))).toEqual([expect.stringContaining(message)]);
  });
});

test('istio render() says gRPC by the appProtocol of the port alone', () => {
  const text = withLines(twoVersions('istio', 'blue-green'), 'appProtocol: grpc');
  expect(spec(text, 'Service', 'v1')).toMatchObject({ ports: [{ port: 8080, appProtocol: 'grpc' }] });
  expect(http(text)[0]?.route).toMatchObject([{ weight: 90 }, { weight: 10 }]);
});
