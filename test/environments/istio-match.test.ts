import { describe, expect, test } from 'vitest';
import { refusalsOf, twoVersions } from '../release-of.js';

const place = 'application.versions[1].match[0]';
const long = 'a'.repeat(1025);

/** Returns what is refused of a candidate with this match. */
function refusals(match: string, { environment = 'istio', gateway = '' } = {}): string[] {
  return refusalsOf(`${gateway}${twoVersions(environment, 'canary', [`match: [${match}]`])}`);
}

function refused(at: string, why: string, environment = 'istio'): string[] {
  return [`${place}${at} cannot be a match of ${environment}: ${why}`];
}

describe('refuseIstioMatches(), of names', () => {
  const none = (name: string) => `Istio has no headers of the name ${JSON.stringify(name)}`;

  test.each([
    ['x-user', true],
    ['X_User.1!', true],
    [':authority', true],
    ['x user', false],
    ['', false],
    [':', false],
    ['a/b', false],
    ['@request.auth.claims', false],
  ])('refuses a header that HTTP does not know: %j', (name, fits) => {
    const match = `{headers: {${JSON.stringify(name)}: {exact: a}}}`;
    expect(refusals(match)).toEqual(fits ? [] : refused(`.headers.${name}`, none(name)));
  });

  test('refuses one that is not to be there', () => {
    const match = '{headers: {a: {exact: b}}, withoutHeaders: {"x user": {}}}';
    expect(refusals(match)).toEqual(refused('.withoutHeaders.x user', none('x user')));
  });

  test.each(['kserve', 'kserve-0.10', 'modelmesh'])('refuses it wherever Istio routes: %s', (environment) => {
    const why = refused('.headers.x user', none('x user'), environment.replace('-0.10', ''));
    expect(refusals('{headers: {"x user": {exact: a}}}', { environment })).toEqual(why);
  });

  test('takes the claims of a token at a gateway alone', () => {
    const match = '{headers: {"@request.auth.claims.group": {exact: beta}}}';
    const why = 'Istio knows the claims of a token at a gateway alone, and the route has none';
    expect(refusals(match)).toEqual(refused('.headers.@request.auth.claims.group', why));
    expect(refusals(match, { gateway: 'gateway: public\n' })).toEqual([]);
  });
});

describe('refuseIstioMatches(), of texts', () => {
  const tooLong = 'Istio takes a regular expression of at most 1024 bytes, and this has 1025';

  test.each([
    ['{headers: {a: {regex: ""}}}', '.headers.a.regex', 'Istio takes no empty regex'],
    ['{headers: {a: {prefix: ""}}}', '.headers.a.prefix', 'Istio takes no empty prefix'],
    ['{queryParams: {a: {regex: ""}}}', '.queryParams.a.regex', 'Istio takes no empty regex'],
    ['{uri: {regex: ""}}', '.uri.regex', 'Istio takes no empty regex'],
    ['{uri: {prefix: api}}', '.uri.prefix', 'every path starts with /, so none fits "api"'],
    ['{uri: {exact: api/v1}}', '.uri.exact', 'every path starts with /, so none fits "api/v1"'],
    ['{authority: {prefix: ""}}', '.authority.prefix', 'Istio takes no empty prefix'],
    ['{headers: {a: {}}, withoutHeaders: {b: {regex: ""}}}', '.withoutHeaders.b.regex', 'Istio takes no empty regex'],
    [`{headers: {a: {regex: ${long}}}}`, '.headers.a.regex', tooLong],
    [`{uri: {regex: ${long}}}`, '.uri.regex', tooLong],
    [`{scheme: {regex: ${long}}}`, '.scheme.regex', tooLong],
  ])('refuses what Envoy does not compile: %s', (match, at, why) => {
    expect(refusals(match)).toEqual(refused(at, why));
  });

  test.each([
    '{headers: {a: {}}}',
    `{headers: {a: {exact: ${long}}}}`,
    `{headers: {a: {regex: ${long.slice(1)}}}}`,
    '{headers: {a: {exact: ""}}}',
    '{uri: {prefix: ""}, method: {exact: GET}}',
  ])('takes %s', (match) => {
    expect(refusals(match)).toEqual([]);
  });

  test("tells the whole match in the Gateway API's form", () => {
    const matches = `matches: [{headers: [{type: RegularExpression, name: a, value: ${long}}]}]`;
    expect(refusalsOf(twoVersions('istio', 'canary', [matches]))).toEqual([
      `application.versions[1].matches[0] cannot be a match of istio: ${tooLong}`,
    ]);
  });
});

describe('refuseIstioMatches(), of callers', () => {
  const beside = (condition: string) => `{headers: {a: {exact: b}}, ${condition}}`;

  test.each([
    ['public', true],
    ['edge/public.example', true],
    ['mesh', true],
    ['the public', false],
    ['', false],
    ['a/b/c', false],
    ['"*/public"', false],
  ])('refuses what no gateway is called: %s', (name, fits) => {
    const bare = name.replaceAll('"', '');
    const why = `${JSON.stringify(bare)} is no name of a gateway`;
    const found = refusals(beside(`gateways: [public, ${name === '' ? '""' : name}]`));
    expect(found).toEqual(fits ? [] : refused('.gateways[1]', why));
  });

  test('refuses what no namespace is called', () => {
    expect(refusals(beside('sourceNamespace: the shop'))).toEqual(
      refused('.sourceNamespace', '"the shop" is no name of a namespace'),
    );
    expect(refusals(beside('sourceNamespace: shop'))).toEqual([]);
  });
});

test('sessionAffinity.cookie is short enough for the expression that finds it', () => {
  const text = (length: number) =>
    twoVersions('istio', 'blue-green').replace(
      '  strategy:',
      `  sessionAffinity: {type: Cookie, cookie: ${'c'.repeat(length)}}\n  strategy:`,
    );
  expect(refusalsOf(text(256))).toEqual([]);
  expect(refusalsOf(text(257))).toEqual([
    'application.sessionAffinity.cookie is 257 long, above the most allowed: 256',
  ]);
});
