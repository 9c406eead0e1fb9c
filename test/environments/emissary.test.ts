import { describe, expect, test } from 'vitest';
import { loadedOf, refusalsOf, twoVersions } from '../release-of.js';
import { canary, type Mapping, mappingsOf, within } from './emissary-mappings.js';

function specOf(text: string, name: string): Mapping['spec'] {
  const found = mappingsOf(text).find(({ metadata }) => metadata.name === name);
  if (found === undefined) throw new Error(`no Mapping ${name}`);
  return found.spec;
}

const everyRequest = { hostname: '*', prefix: '/', rewrite: '/' };
const v1 = { service: 'v1.default:8080' };
const v2 = { service: 'v2.default:8080' };

function answering(version: string) {
  return { add_response_headers: { 'app-version': { value: version, append: false } } };
}

describe('emissary', () => {
  test('render() gives strategy none one Mapping to the primary, with every field', () => {
    const text = twoVersions('ambassador', 'none');
    expect(mappingsOf(text)).toEqual([
      {
        apiVersion: 'getambassador.io/v3alpha1',
        kind: 'Mapping',
        metadata: {
          name: 'shop--v1',
          namespace: 'default',
          labels: {
            'app.kubernetes.io/name': 'shop',
            'app.kubernetes.io/instance': 'shop',
            'app.kubernetes.io/managed-by': 'sluice',
          },
        },
        spec: { ...everyRequest, ...v1, ...answering('v1') },
      },
    ]);
  });

  test('render() has no shared Service, so a version may be called like the release', () => {
    const text = twoVersions('emissary', 'none').replace('name: v1', 'name: shop');
    expect(specOf(text, 'shop--shop')).toMatchObject({ service: 'shop.default:8080' });
  });

  test('render() says grpc where the port of the version does, and sends to its own namespace and port', () => {
    const text = twoVersions('emissary', 'blue-green', ['appProtocol: grpc', 'port: 9000']);
    const elsewhere = text.replace('name: v2', 'name: v2, namespace: beta');
    expect(specOf(elsewhere, 'shop--v2')).toMatchObject({ service: 'v2.beta:9000', grpc: true });
    expect(specOf(elsewhere, 'shop--v1')).not.toHaveProperty('grpc');
  });
});

describe('emissary x blue-green', () => {
  const split = twoVersions('emissary', 'blue-green');

  test('render() gives the candidate its share and leaves the rest to the primary', () => {
    expect(mappingsOf(split).map(({ spec }) => spec)).toEqual([
      { ...everyRequest, ...v1 },
      { ...everyRequest, ...v2, weight: 10 },
    ]);
  });

  test('render() leaves out who has no share, and the shares of the others sum to 100', () => {
    const promoted = split.replace('weight: 90', 'weight: 0');
    expect(mappingsOf(promoted).map(({ spec }) => spec)).toEqual([
      { ...everyRequest, ...v2, weight: 100, ...answering('v2') },
    ]);
    const before = split.replace('weight: 10', 'weight: 0');
    expect(mappingsOf(before).map(({ spec }) => spec)).toEqual([{ ...everyRequest, ...v1, ...answering('v1') }]);
  });

  test('notices() says that the answers of a split cannot name their version', () => {
    const placed = within(split, 'prefix: /shop/');
    const { notices } = loadedOf(placed);
    expect(notices.map(({ path }) => path)).toEqual(['application.versionHeader']);
    expect(loadedOf(within(placed, 'versionHeader: false')).notices).toEqual([]);
    expect(loadedOf(placed.replace('weight: 10', 'weight: 0')).notices).toEqual([]);
  });

  test('notices() says that another release may take part where neither a prefix nor a host parts them', () => {
    const paths = (text: string) => loadedOf(text).notices.map(({ path }) => path);
    expect(paths(split)).toContain('application.prefix');
    expect(paths(within(split, 'hosts: [{name: shop.example}]'))).not.toContain('application.prefix');
  });

  test('render() splits inside a match alone', () => {
    const text = within(split, 'matches:', '- headers: [{name: x-country, value: nl}]', '  method: GET');
    const specs = mappingsOf(text).map(({ spec }) => spec);
    const match = { method: 'GET', headers: { 'x-country': 'nl' } };
    expect(specs).toEqual([
      { ...everyRequest, ...match, ...v1 },
      { ...everyRequest, ...match, ...v2, weight: 10 },
      { ...everyRequest, ...v1, ...answering('v1') },
    ]);
  });

  test('render() keeps the names while the weights change', () => {
    const text = within(split, 'matches:', '- headers: [{name: x-country, value: nl}]', 'hosts: [{name: a.example}]');
    const names = (values: string) => mappingsOf(values).map(({ metadata }) => metadata.name);
    const later = names(text.replace('weight: 90', 'weight: 50').replace('weight: 10', 'weight: 50'));
    expect(later).toEqual(names(text));
    const alone = names(text.replace('weight: 10', 'weight: 0'));
    expect(names(text)).toEqual(expect.arrayContaining(alone));
    expect(names(text)[1]).toMatch(/^shop--v2-[0-9a-f]{8}$/);
  });
});

describe('names of Mappings', () => {
  const text = canary('- headers: {x-tester: {exact: "yes"}}');
  const namesOf = (values: string) => mappingsOf(values).map(({ metadata }) => metadata.name);

  test('stay while versions come, go and change places', () => {
    const match = '[{headers: {x-tester: {exact: "no"}}}]';
    const v3 = `  - {metadata: {name: v3}, image: registry.example/shop:v3, match: ${match}}\n`;
    expect(namesOf(text + v3)).toEqual(expect.arrayContaining(namesOf(text)));
    expect(namesOf(text.replace('  versions:\n', `  primary: v1\n  versions:\n${v3}`)).sort()).toEqual(
      namesOf(text + v3).sort(),
    );
  });

  test('stay where conditions are written in another order, and differ where the match does', () => {
    const one = namesOf(canary('- headers: {a: {exact: b}, c: {regex: d}}'));
    expect(namesOf(canary('- headers: {c: {regex: d}, a: {exact: b}}'))).toEqual(one);
    expect(namesOf(canary('- headers: {c: {exact: d}, a: {exact: b}}'))[0]).not.toBe(one[0]);
    expect(namesOf(canary('- queryParams: {a: {exact: b}, c: {regex: d}}'))[0]).not.toBe(one[0]);
  });
});

describe('emissary x canary', () => {
  test("render() puts the match on the candidate's Mapping and none on the primary's", () => {
    const [candidate, primary, ...others] = mappingsOf(canary('- headers: {x-tester: {exact: "yes"}}'));
    expect(candidate?.metadata.name).toMatch(/^shop--v2-[0-9a-f]{8}$/);
    expect(candidate?.spec).toEqual({
      ...everyRequest,
      headers: { 'x-tester': 'yes' },
      ...v2,
      ...answering('v2'),
    });
    expect(primary?.metadata.name).toBe('shop--v1');
    expect(primary?.spec).toEqual({ ...everyRequest, ...v1, ...answering('v1') });
    expect(others).toEqual([]);
  });

  test('render() translates every kind of match, a prefix of a value into an RE2 expression', () => {
    const [candidate] = mappingsOf(
      canary(
        '- headers: {x-b: {prefix: "eu-1.("}, x-a: {regex: "n[lb]"}}',
        '  queryParams: {lang: {exact: nl}, page: {prefix: a}}',
        '  method: {exact: POST}',
      ),
    );
    expect(candidate?.spec).toMatchObject({
      method: 'POST',
      regex_headers: { 'x-a': 'n[lb]', 'x-b': 'eu-1\\.\\(.*' },
      query_parameters: { lang: 'nl' },
      regex_query_parameters: { page: 'a.*' },
    });
  });

  test.each([
    ['/', 'prefix: /api', { prefix: '/api', rewrite: '/api' }],
    ['/', 'exact: /api/v1', { prefix: '/api/v1', prefix_exact: true, rewrite: '/api/v1' }],
    ['/', 'regex: "/a[0-9]+"', { prefix: '/a[0-9]+', prefix_regex: true, rewrite: '' }],
    ['/shop', 'prefix: /shop/api', { prefix: '/shop/api', rewrite: '/api' }],
    ['/shop/', 'exact: /shop/', { prefix: '/shop/', prefix_exact: true, rewrite: '/' }],
    ['/shop', 'exact: /shop', { prefix: '/shop', prefix_exact: true, rewrite: '/' }],
    ['/shop/', 'exact: /shop', { prefix: '/shop', prefix_exact: true, rewrite: '/' }],
  ])('render() below %s takes the path {%s} and the backend sees what it saw without it', (prefix, path, expected) => {
    const text = within(canary(`- {uri: {${path}}, headers: {x-tester: {exact: "yes"}}}`), `prefix: ${prefix}`);
    const all = mappingsOf(text);
    expect(all[0]?.spec).toMatchObject(expected);
    expect(all.at(-1)?.spec).toMatchObject({ prefix: prefix === '/' ? '/' : '/shop/', rewrite: '/' });
  });

  test.each([
    [
      '/',
      '/api',
      [
        { prefix: '/api', prefix_exact: true, rewrite: '/api' },
        { prefix: '/api/', rewrite: '/api/' },
      ],
    ],
    [
      '/',
      '/api/',
      [
        { prefix: '/api', prefix_exact: true, rewrite: '/api' },
        { prefix: '/api/', rewrite: '/api/' },
      ],
    ],
    [
      '/shop',
      '/shop/a',
      [
        { prefix: '/shop/a', prefix_exact: true, rewrite: '/a' },
        { prefix: '/shop/a/', rewrite: '/a/' },
      ],
    ],
    [
      '/shop',
      '/shop',
      [
        { prefix: '/shop', prefix_exact: true, rewrite: '/' },
        { prefix: '/shop/', rewrite: '/' },
      ],
    ],
  ])('render() below %s makes of PathPrefix %s what compares whole elements', (prefix, value, expected) => {
    const matches = [`matches: [{path: {value: ${value}}, headers: [{name: x-tester, value: "yes"}]}]`];
    const text = within(twoVersions('emissary', 'canary', matches), `prefix: ${prefix}`, 'versionHeader: false');
    const candidates = mappingsOf(text).filter(({ metadata }) => metadata.name.includes('v2'));
    const common = { hostname: '*', headers: { 'x-tester': 'yes' }, ...v2 };
    expect(candidates.map(({ spec }) => spec)).toEqual(expected.map((each) => ({ ...common, ...each })));
    expect(loadedOf(text).notices.map(({ path }) => path)).not.toContainEqual(expect.stringContaining('matches'));
  });

  test('render() splits inside a PathPrefix by two groups with the same weights', () => {
    const text = within(twoVersions('emissary', 'blue-green'), 'matches: [{path: {value: /api}}]');
    expect(mappingsOf(text).map(({ spec }) => [spec.prefix, spec.service, spec.weight])).toEqual([
      ['/api', v1.service, undefined],
      ['/api', v2.service, 10],
      ['/api/', v1.service, undefined],
      ['/api/', v2.service, 10],
      ['/', v1.service, undefined],
    ]);
  });

  test.each(['/shop', '/shop/'])(
    'render() serves what lies at or below the prefix %s, and nothing beside it',
    (prefix) => {
      const split = twoVersions('emissary', 'blue-green');
      const text = within(split, `prefix: ${prefix}`);
      expect(mappingsOf(text).map(({ spec }) => [spec.prefix, spec.prefix_exact, spec.rewrite, spec.weight])).toEqual([
        ['/shop', true, '/', undefined],
        ['/shop', true, '/', 10],
        ['/shop/', undefined, '/', undefined],
        ['/shop/', undefined, '/', 10],
      ]);
      const names = mappingsOf(text).map(({ metadata }) => metadata.name);
      expect(new Set(names).size).toBe(4);
      expect(names.slice(2)).toEqual(mappingsOf(split).map(({ metadata }) => metadata.name));
    },
  );

  test('render() sends a match without a path at or below the prefix', () => {
    const text = within(canary('- headers: {x-tester: {exact: "yes"}}'), 'prefix: /shop', 'versionHeader: false');
    const specs = mappingsOf(text).map(({ spec }) => [spec.prefix, spec.prefix_exact, spec.headers, spec.service]);
    expect(specs).toEqual([
      ['/shop', true, { 'x-tester': 'yes' }, v2.service],
      ['/shop/', undefined, { 'x-tester': 'yes' }, v2.service],
      ['/shop', true, undefined, v1.service],
      ['/shop/', undefined, undefined, v1.service],
    ]);
  });

  test('render() makes a Mapping of every match, and one of a match that stands twice', () => {
    const text = canary(
      '- headers: {a: {exact: b}, c: {exact: d}}',
      '- uri: {prefix: /x}',
      '- headers: {c: {exact: d}, a: {exact: b}}',
    );
    const all = mappingsOf(text);
    expect(all).toHaveLength(3);
    expect(new Set(all.map(({ metadata }) => metadata.name)).size).toBe(3);
  });

  test.each([
    ['what only Istio knows', '/', ['- {sourceLabels: {app: web}}'], 'a Mapping has no sourceLabels'],
    [
      'a path outside the prefix',
      '/shop',
      ['- {uri: {prefix: /shopping}}'],
      'below application.prefix, which is /shop',
    ],
    [
      'what fits others than the prefix',
      '/shop',
      ['- {uri: {prefix: /shop}}'],
      'below application.prefix, which is /shop',
    ],
    ['a path by expression below a prefix', '/shop', ['- {uri: {regex: /.*}}'], 'is never stripped of a prefix'],
  ])('refuses() %s, at its place', (_what, prefix, match, message) => {
    const text = within(canary(...match), `prefix: ${prefix}`);
    expect(refusalsOf(text)).toEqual([
      expect.stringMatching(/^application\.versions\[1\]\.match\[0\] cannot be a match of emissary: /),
    ]);
    expect(refusalsOf(text)[0]).toContain(message);
  });
});

describe('emissary x mirrored', () => {
  const text = twoVersions('emissary', 'mirrored');

  test("render() shadows the percent of the primary's requests", () => {
    const [primary, shadow] = mappingsOf(text);
    expect(primary?.spec).toEqual({ ...everyRequest, ...v1, ...answering('v1') });
    expect(shadow?.spec).toEqual({ ...everyRequest, ...v2, weight: 10, shadow: true });
    expect(shadow?.metadata.name).toMatch(/^shop--v2-[0-9a-f]{8}$/);
  });

  test('refuses() a second mirror, at its version', () => {
    const third = '  - {metadata: {name: v3}, image: registry.example/shop:v3, weight: 10}\n';
    expect(refusalsOf(text + third)).toEqual([
      'application.versions[2] is a second version with a mirror, and Emissary takes one',
    ]);
  });
});

describe('hosts of emissary', () => {
  const text = within(
    twoVersions('emissary', 'none'),
    'hosts: [{name: a.example}, {name: "*.b.example"}, {name: a.example}]',
  );

  test('render() gives every host a Mapping of its own', () => {
    expect(mappingsOf(text).map(({ spec }) => spec.hostname)).toEqual(['a.example', '*.b.example']);
  });

  test.each(['', '10.0.0.300:80', 'shop.example:8080', 'shop.*', 'Shop.example', '::1', 'a..b', '-a.example'])(
    'refuses() the host "%s"',
    (name) => {
      const wrong = within(twoVersions('emissary', 'none'), `hosts: [{name: "${name}"}, {name: a_b.example}]`);
      expect(refusalsOf(wrong)).toEqual([
        `application.hosts[0].name is ${JSON.stringify(name)}, which is no host name`,
        'application.hosts[1].name is "a_b.example", which is no host name',
      ]);
    },
  );

  test.each(['"*"', '10.0.0.1', 'shop'])('render() takes the host %s', (name) => {
    expect(mappingsOf(within(twoVersions('emissary', 'none'), `hosts: [{name: ${name}}]`))).toHaveLength(1);
  });

  test.each([
    ['shop', 'api-v1', 'shop-api', 'v1'],
    ['shop', 'api--v1', 'shop--api', 'v1'],
  ])('render() keeps %s with %s apart from %s with %s', (release, version, other, otherVersion) => {
    const named = (name: string, each: string) =>
      mappingsOf(
        within(twoVersions('emissary', 'none').replace('name: v1', `name: ${each}`), `metadata: {name: ${name}}`),
      )[0]?.metadata.name;
    expect(named(release, version)).not.toBe(named(other, otherVersion));
  });

  test('render() shortens long names and keeps them apart', () => {
    const host = `${'a'.repeat(50)}.example`;
    const long = within(
      twoVersions('emissary', 'blue-green').replaceAll('v2', `v${'x'.repeat(60)}`),
      `hosts: [{name: ${host}}, {name: b.${host}}]`,
    );
    const names = mappingsOf(long).map(({ metadata }) => metadata.name);
    expect(new Set(names).size).toBe(4);
    for (const name of names) expect(name).toMatch(/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/);
  });
});
