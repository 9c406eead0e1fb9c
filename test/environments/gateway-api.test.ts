import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../src/errors.js';
import type { Manifest } from '../../src/release/model.js';
import { manifestsOf } from '../../src/synth/manifests.js';
import { refusalsOf, releaseOf, twoVersions } from '../release-of.js';

function render(text: string, kind: string): Manifest[] {
  return manifestsOf(releaseOf(text)).filter((each) => each.kind === kind);
}

function canary(...lines: readonly string[]): string {
  return twoVersions('gateway-api', 'canary', lines);
}

function application(text: string, ...lines: readonly string[]): string {
  return text.replace('  port: 8080', ['  port: 8080', ...lines.map((line) => `  ${line}`)].join('\n'));
}

/** A third version after the second, with these lines. */
function third(text: string, ...lines: readonly string[]): string {
  return `${text}${['- metadata: {name: v3}', '  image: registry.example/shop:v3', ...lines.map((line) => `  ${line}`)].map((line) => `  ${line}\n`).join('')}`;
}

const split = twoVersions('gateway-api', 'blue-green');

describe('gatewayApi', () => {
  test('refuses() a match that a later version outranks, and says by which', () => {
    const text = third(canary('matches: [{headers: [{name: a, value: "1"}]}]'), 'matches: [{path: {value: /api}}]');
    expect(refusalsOf(text)).toContainEqual(
      expect.stringContaining(
        'application.versions[1].matches[0] is outranked by application.versions[2].matches[0]: an HTTPRoute prefers the more specific match',
      ),
    );
  });

  test('refuses() the default match of a version that a later one outranks, at the version', () => {
    const text = third(canary(), 'matches: [{path: {value: /api}}]');
    expect(refusalsOf(text)).toContainEqual(
      expect.stringContaining('application.versions[1] is outranked by application.versions[2]'),
    );
  });

  test('refuses() a path by regular expression, which Istio ranks below the rule for all other requests', () => {
    const text = canary('matches: [{path: {type: RegularExpression, value: "/v[12]/.*"}}]');
    expect(refusalsOf(text)).toContainEqual(
      expect.stringContaining('may be outranked by the rule for all other requests'),
    );
  });

  test.each([
    ['a method in lower case', '{method: get}', 'has no method get'],
    ['a path without a slash', '{path: {value: api}}', 'only paths that start with /'],
    ['a path with a step up', '{path: {value: /a/../b}}', 'does not take the path /a/../b'],
    [
      'a header twice',
      '{headers: [{name: a, value: "1"}, {name: A, value: "2"}]}',
      'names one header or query parameter twice',
    ],
    ['an empty value', '{headers: [{name: a, value: ""}]}', 'cannot match a by an empty text'],
  ])('refuses() %s', (_what, match, message) => {
    expect(refusalsOf(canary(`matches: [${match}]`))).toContainEqual(expect.stringContaining(message));
  });

  test.each(['10.0.0.1', '"::1"', '"*"', 'Shop.example', 'shop.example:80'])('refuses() the host %s', (name) => {
    expect(refusalsOf(application(split, `hosts: [{name: ${name}}]`))).toContainEqual(
      expect.stringContaining('application.hosts[0].name is'),
    );
  });

  test('render() takes a wildcard as a host', () => {
    const [route] = render(application(split, 'hosts: [{name: "*.shop.example"}]'), 'HTTPRoute');
    expect(route?.spec).toMatchObject({ hostnames: expect.arrayContaining(['*.shop.example']) });
  });

  test('render() leaves the filters out where no header is wanted', () => {
    const [route] = render(application(split, 'versionHeader: false'), 'HTTPRoute');
    expect(JSON.stringify(route)).not.toContain('filters');
  });

  test('render() grants the route access to Services of other namespaces, backends and mirrors alike', () => {
    const text = twoVersions('gateway-api', 'mirrored').replace('{name: v2}', '{name: v2, namespace: lab}');
    expect(render(text, 'ReferenceGrant')).toMatchObject([
      {
        apiVersion: 'gateway.networking.k8s.io/v1beta1',
        metadata: { name: 'shop--default--v2', namespace: 'lab' },
        spec: {
          from: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: 'default' }],
          to: [{ group: '', kind: 'Service', name: 'v2' }],
        },
      },
    ]);
  });

  test('render() grants access to every version elsewhere by a grant of its own, routed to or not', () => {
    const third = '  - metadata: {name: v3, namespace: lab}\n    image: i:3\n    routed: false\n';
    const text = split.replace('{name: v2}', '{name: v2, namespace: lab}') + third;
    expect(render(text, 'ReferenceGrant')).toMatchObject([
      { metadata: { name: 'shop--default--v2', namespace: 'lab' }, spec: { to: [{ name: 'v2' }] } },
      { metadata: { name: 'shop--default--v3', namespace: 'lab' }, spec: { to: [{ name: 'v3' }] } },
    ]);
  });

  test('render() names a grant by at most 63 characters, and each by its own', () => {
    const [name, namespace] = ['v'.repeat(60), 'lab'.repeat(20)];
    const at = (version: string) => split.replace('{name: v2}', `{name: ${version}, namespace: ${namespace}}`);
    const names = [`${name}a`, `${name}b`].map((each) => render(at(each), 'ReferenceGrant')[0]?.metadata.name);
    expect(new Set(names).size).toBe(2);
    for (const each of names) expect(each).toMatch(/^shop--default--v+-[0-9a-f]{8}$/);
    expect(names.map((each) => each?.length)).toEqual([63, 63]);
  });

  test('render() writes the prefix of a header or a query parameter as an expression, escaped', () => {
    const text = canary('match: [{headers: {x-build: {prefix: "a.b("}}, queryParams: {page: {prefix: "1"}}}]');
    const [route] = render(text, 'HTTPRoute');
    expect(route).toHaveProperty('spec.rules.0.matches.0', {
      path: { type: 'PathPrefix', value: '/' },
      headers: [{ type: 'RegularExpression', name: 'x-build', value: String.raw`a\.b\(.*` }],
      queryParams: [{ type: 'RegularExpression', name: 'page', value: '1.*' }],
    });
    const [calls] = render(application(text.replace(/, queryParams.*}}}/, '}'), 'appProtocol: grpc'), 'GRPCRoute');
    expect(calls).toHaveProperty('spec.rules.0.matches.0.headers.0.type', 'RegularExpression');
  });

  test('refuses() an empty prefix, and one that is too long as an expression', () => {
    const refused = (prefix: string) => refusalsOf(canary(`match: [{headers: {x: {prefix: "${prefix}"}}}]`));
    expect(refused('')).toEqual([expect.stringContaining('cannot match x by an empty text')]);
    expect(refused('.'.repeat(2048))).toEqual([
      expect.stringContaining('at most 4096 characters of x, and this has 4098'),
    ]);
    expect(refused('.'.repeat(2047))).toEqual([]);
  });

  test('render() binds the route to a gateway once, with its namespace or without', () => {
    const text = `gateway: edge\n${application(split, 'hosts: [{name: a.example, gateway: default/edge}, {name: b.example, gateway: lab/edge}]')}`;
    const [route] = render(text, 'HTTPRoute');
    const parents = (route as unknown as { spec: { parentRefs: { kind: string; name: string; namespace?: string }[] } })
      .spec.parentRefs;
    expect(parents.filter(({ kind }) => kind === 'Gateway').map(({ name, namespace }) => [namespace, name])).toEqual([
      [undefined, 'edge'],
      ['lab', 'edge'],
    ]);
  });

  test('render() grants nothing inside its namespace', () => {
    expect(render(split, 'ReferenceGrant')).toEqual([]);
  });

  test('render() deals a cookie in the split and obeys it in a rule per version before', () => {
    const text = application(split, 'sessionAffinity: {type: Cookie, cookie: sid, maxAge: 48h}');
    const kept = (version: string) => ({
      matches: [
        { headers: [{ type: 'RegularExpression', name: 'cookie', value: `(.*;\\s*)?sid=${version}\\s*(;.*)?` }] },
      ],
      backendRefs: [{ name: version, weight: 100 }],
    });
    const deals = (version: string) => ({
      name: version,
      filters: [
        {
          responseHeaderModifier: {
            add: [{ name: 'Set-Cookie', value: `sid=${version}; Path=/; Max-Age=172800; HttpOnly; SameSite=Lax` }],
          },
        },
      ],
    });
    const rules = [kept('v1'), kept('v2'), { backendRefs: [deals('v1'), deals('v2')] }];
    expect(render(text, 'HTTPRoute')).toMatchObject([{ spec: { rules } }]);
  });

  /** What is wrong with the matches of a canary, as `path message hint`. */
  function problemsOf(text: string): string[] {
    try {
      releaseOf(text);
    } catch (error) {
      if (error instanceof ConfigError)
        return error.problems.map((each) => `${each.path} ${each.message} ${each.hint}`);
      throw error;
    }
    return [];
  }

  test.each([
    [
      '{uri: {prefix: /api}}',
      '/api fits /apix as well',
      'Write matches: [{path: {type: PathPrefix, value: /api}}], which fits /api and /api/x, not /apix.',
    ],
    [
      '{uri: {prefix: /api/}}',
      '/api/ does not fit /api',
      'Write matches: [{path: {type: PathPrefix, value: /api}}], which fits /api and /api/x, not /apix.',
    ],
    [
      '{uri: {prefix: /api}, method: {exact: GET}, headers: {a: {exact: "yes"}, b: {}}}',
      '/api fits /apix as well',
      '[{path: {type: PathPrefix, value: /api}, headers: [{name: a, value: "yes"}, ' +
        '{type: RegularExpression, name: b, value: ".*"}], method: GET}]',
    ],
    [
      '{uri: {prefix: /api}}, {method: {exact: GET}}',
      '/api fits /apix as well',
      'Write matches in place of match, with this entry as {path: {type: PathPrefix, value: /api}}',
    ],
    [
      '{uri: {prefix: /api}, sourceLabels: {app: web}}',
      '/api fits /apix as well',
      'In the form of matches, write path: {type: PathPrefix, value: /api}',
    ],
  ])('refuses() %s, which Istio compares as text, and says what to write', (match, message, hint) => {
    const [problem] = problemsOf(canary(`match: [${match}]`)).filter((each) => each.includes('match[0].uri.prefix'));
    expect(problem).toContain(message);
    expect(problem).toContain(hint);
  });

  test('render() takes the prefix / of Istio, which fits every path', () => {
    const [route] = render(canary('match: [{uri: {prefix: /}, headers: {a: {exact: b}}}]'), 'HTTPRoute');
    expect(route).toHaveProperty('spec.rules.0.matches.0.path', { type: 'PathPrefix', value: '/' });
  });

  test('refuses() every part of a match that an HTTPRoute cannot express, each with what it can', () => {
    const headers = Array.from({ length: 17 }, (_, i) => `h${i}: {exact: x}`).join(', ');
    const match = `{headers: {${headers}}, queryParams: {"a b": {exact: c}}, method: {exact: get}}`;
    const problems = problemsOf(canary(`match: [${match}]`));
    expect(problems).toEqual([
      expect.stringMatching(/takes at most 16 headers, and this has 17 Leave out 1 of them\.$/),
      expect.stringMatching(/no query parameters of the name "a b" A name has 1 to 256 letters, digits and !/),
      expect.stringMatching(/has no method get Use one of GET, HEAD/),
    ]);
  });

  test.each(['gateway-api', 'istio', 'emissary', 'modelmesh', 'kserve'])(
    'refuses() an empty host on %s beside others that are wrong',
    (environment) => {
      const text = twoVersions(environment, 'none').replace(
        '  versions:',
        '  hosts: [{name: ""}, {name: a_b}]\n  versions:',
      );
      expect(refusalsOf(text).map((each) => each.split(' ')[0])).toEqual([
        'application.hosts[0].name',
        'application.hosts[1].name',
      ]);
    },
  );
});

describe("gatewayApi, of the port of the release's own Service", () => {
  const port = { port: 80, targetPort: 80, protocol: 'TCP' };

  function portsOf(text: string) {
    return render(text, 'Service').find(({ metadata }) => metadata.name === 'shop')?.spec;
  }

  test.each(['http', 'http2', 'HTTP2', 'kubernetes.io/h2c'])(
    'render() names %s, as the primary does',
    (appProtocol) => {
      const text = application(split, `appProtocol: ${appProtocol}`);
      expect(portsOf(text)).toMatchObject({ ports: [{ ...port, appProtocol }] });
    },
  );

  test("render() reads the primary's serviceSpecification, and that of no other version", () => {
    const specification = 'serviceSpecification: {spec: {ports: [{port: 8080, appProtocol: http2}]}}';
    expect(portsOf(twoVersions('gateway-api', 'blue-green', [specification]))).toHaveProperty('ports', [port]);
    const image = '    image: registry.example/shop:v1\n';
    expect(split).toContain(image);
    expect(portsOf(split.replace(image, `${image}    ${specification}\n`))).toMatchObject({
      ports: [{ ...port, appProtocol: 'http2' }],
    });
  });

  test.each(['https', 'tcp', 'kubernetes.io/wss', 'http3'])(
    'render() names no %s, which no route is asked over',
    (said) => {
      expect(portsOf(application(split, `appProtocol: ${said}`))).toHaveProperty('ports', [port]);
    },
  );
});

describe('gatewayApi with gRPC', () => {
  const grpc = (text: string) => application(text, 'appProtocol: grpc');

  test('render() makes a GRPCRoute whose parent speaks gRPC', () => {
    const [route] = render(`${grpc(split)}gateway: edge\n`, 'GRPCRoute');
    expect(route).toMatchObject({
      apiVersion: 'gateway.networking.k8s.io/v1',
      spec: {
        rules: [
          {
            backendRefs: [
              { name: 'v1', weight: 90 },
              { name: 'v2', weight: 10 },
            ],
          },
        ],
      },
    });
    expect(JSON.stringify(route)).not.toContain('matches');
    const shared = render(grpc(split), 'Service').find(({ metadata }) => metadata.name === 'shop');
    expect(shared?.spec).toMatchObject({ ports: [{ port: 80, appProtocol: 'grpc' }] });
  });

  test.each([
    [
      '{path: {type: Exact, value: /shop.Cart/Add}}',
      { method: { type: 'Exact', service: 'shop.Cart', method: 'Add' } },
    ],
    ['{path: {value: /shop.Cart/}}', { method: { type: 'Exact', service: 'shop.Cart' } }],
    ['{headers: [{name: a, value: b}]}', { headers: [{ type: 'Exact', name: 'a', value: 'b' }] }],
  ])('render() matches %s', (match, expected) => {
    const [route] = render(grpc(canary(`matches: [${match}]`)), 'GRPCRoute');
    expect(route).toHaveProperty('spec.rules.0.matches', [expected]);
  });

  test.each([
    ['{path: {type: Exact, value: /shop.Cart}}', 'takes only the exact path'],
    ['{path: {value: /shop.Cart/Ad}}', 'takes only the exact path'],
    ['{path: {type: RegularExpression, value: /shop.*}}', 'takes only the exact path'],
    ['{queryParams: [{name: a, value: b}]}', 'knows no query parameters'],
    ['{method: POST}', 'knows no HTTP method'],
  ])('refuses() %s', (match, message) => {
    expect(refusalsOf(grpc(canary(`matches: [${match}]`)))).toContainEqual(expect.stringContaining(message));
  });

  test("refuses() a service in Istio's form without a slash at its end, which fits longer names", () => {
    const match = (prefix: string) => grpc(canary(`match: [{uri: {prefix: ${prefix}}}]`));
    expect(refusalsOf(match('/shop.Cart'))).toEqual([expect.stringContaining('/shop.Cart fits /shop.Cart2 as well')]);
    expect(render(match('/shop.Cart/'), 'GRPCRoute')).toHaveLength(1);
  });

  test('refuses() a service before one of its methods', () => {
    const text = third(
      grpc(canary('matches: [{path: {value: /shop.Cart}}]')),
      'matches: [{path: {type: Exact, value: /shop.Cart/Add}}]',
    );
    expect(refusalsOf(text)).toContainEqual(expect.stringContaining('a GRPCRoute prefers the more specific match'));
  });

  test('refuses() versions that disagree, at the one that differs from the primary', () => {
    const text = twoVersions('gateway-api', 'blue-green', ['appProtocol: grpc']);
    expect(refusalsOf(text)).toContainEqual(
      expect.stringContaining('application.versions[1] speaks grpc and the primary v1 speaks http'),
    );
  });
});
