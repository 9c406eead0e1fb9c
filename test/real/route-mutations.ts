import type { JsonObject } from '../../src/release/json.js';
import { affinity, application, hosts, type Mutation, many, match, matches, of, second } from './mutation.js';

/** Of 304 letters, in labels that are short enough. */
const longHost = Array(5).fill('a'.repeat(60)).join('.');

/** Slips in what leads to the versions. */
export const routeMutations: readonly Mutation[] = [
  ...of('istio-none', [
    ['a host of two words', hosts, [{ name: 'shop example' }]],
    ['every host', hosts, [{ name: '*' }]],
    ['a gateway of two words', ['gateway'], 'the public'],
    ['a host of 304 letters, of Istio', hosts, [{ name: longHost }]],
    ['a gateway of 300 letters', ['gateway'], 'g'.repeat(300)],
    ['a gateway with a gap', ['gateway'], 'edge..public'],
    ['a gateway of 64 letters, of Istio', ['gateway'], 'g'.repeat(64)],
    ['a host that ends in a number', hosts, [{ name: 'shop.123' }]],
    ['an address that is none', hosts, [{ name: '999.1.1.1' }]],
    ['an address of IPv6 that is none', hosts, [{ name: '1:2:3' }]],
    ['a host beside all of its kind', hosts, [{ name: '*.example' }, { name: 'shop.example' }]],
    ['every host of the namespace', hosts, [{ name: '*.default' }]],
  ]),
  ...of('istio-mirrored', [['more copies than requests', [...second, 'weight'], 150]]),
  ...of('istio-canary', [
    ['a pattern that no parser takes', match, [{ headers: { 'x-user': { regex: '(' } } }]],
    ['a condition that Istio does not know', match, [{ path: '/a' }]],
    ['a port above all in a condition', match, [{ port: 70_000 }]],
    ['labels of callers with blanks', match, [{ sourceLabels: { 'a b': 'c d' }, headers: { a: { exact: 'b' } } }]],
    ['a header without a name', match, [{ headers: { '': { exact: 'a' } } }]],
    ['a header of two words, of Istio', match, [{ headers: { 'x user': { exact: 'a' } } }]],
    ['a header of two words that is not there', match, [{ withoutHeaders: { 'x user': { exact: 'a' } } }]],
    ['an empty pattern', match, [{ headers: { 'x-user': { regex: '' } } }]],
    ['a pattern of 1,100 letters', match, [{ headers: { 'x-user': { regex: 'a'.repeat(1100) } } }]],
    ['a gateway of two words in a condition', match, [{ gateways: ['the public'], headers: { a: { exact: 'b' } } }]],
    ['an empty pattern of a path', match, [{ uri: { regex: '' } }]],
    ['an empty prefix of a header', match, [{ headers: { 'x-user': { prefix: '' } } }]],
    ['an empty pattern of an authority', match, [{ authority: { regex: '' } }]],
    [
      'the claim of a token without a gateway',
      match,
      [{ headers: { '@request.auth.claims.group': { exact: 'beta' } } }],
    ],
    ['callers of a namespace of two words', match, [{ sourceNamespace: 'the shop', headers: { a: { exact: 'b' } } }]],
    [
      'the key of a label of callers that is empty',
      match,
      [{ sourceLabels: { '': 'c' }, headers: { a: { exact: 'b' } } }],
    ],
  ]),
  ...of('gateway-api-canary', [
    ['a path without a slash', matches, [{ path: { value: 'api' } }]],
    ['a path with two slashes', matches, [{ path: { value: '/a//b' } }]],
    ['a path that goes up', matches, [{ path: { value: '/a/../b' } }]],
    ['a path with a query', matches, [{ path: { value: '/a?b' } }]],
    ['a path of 1,101 letters', matches, [{ path: { value: `/${'a'.repeat(1100)}` } }]],
    ['a header of two words', matches, [{ headers: [{ name: 'x user', value: 'a' }] }]],
    ['a header without a value', matches, [{ headers: [{ name: 'x-user', value: '' }] }]],
    ['a header twice', matches, [{ headers: ['a', 'b'].map((value) => ({ name: 'x-user', value })) }]],
    ['more headers than a condition takes', matches, [{ headers: many(17, (i) => ({ name: `x-${i}`, value: 'a' })) }]],
    ['a method in small letters', matches, [{ method: 'get' }]],
    ['more conditions than a rule takes', matches, many(65, (i) => ({ headers: [{ name: 'x-user', value: `${i}` }] }))],
    ['a host in capitals', hosts, [{ name: 'Shop.example' }]],
    ['a host of 304 letters', hosts, [{ name: longHost }]],
    ['every host, by the Gateway API', hosts, [{ name: '*' }]],
    ['more hosts than a route takes', hosts, many(17, (i) => ({ name: `shop-${i}.example` }))],
    ['a gateway in a namespace in capitals', ['gateway'], 'Edge/public'],
    ['a gateway of 300 letters, by the Gateway API', ['gateway'], 'g'.repeat(300)],
    ['a gateway in a namespace of 70 letters', ['gateway'], `${'g'.repeat(70)}/public`],
    ['more gateways than a route takes', hosts, many(33, (i) => ({ name: 'shop.example', gateway: `public-${i}` }))],
    ['a header of 5,000 letters', matches, [{ headers: [{ name: 'x-user', value: 'a'.repeat(5000) }] }]],
    ['a query of 1,100 letters', matches, [{ queryParams: [{ name: 'user', value: 'a'.repeat(1100) }] }]],
  ]),
  ...of('gateway-api-mirrored', [
    ['more copies than requests, by the Gateway API', [...second, 'weight'], 150],
    ['more copies than a rule takes', [...application, 'versions'], versions(18, { weight: 1 })],
  ]),
  ...of('kubernetes-blue-green', [
    ['a client remembered for two days', affinity, { type: 'ClientIP', maxAge: '48h' }],
    ['a client remembered for no time', affinity, { type: 'ClientIP', maxAge: '0s' }],
  ]),
  ...of('modelmesh-none', [
    ['a port of ModelMesh above all', ['service'], { port: 70_000 }],
    ['a host of ModelMesh of two words', ['service'], { host: 'model mesh' }],
    ['a URL of ModelMesh', ['service'], { host: 'http://modelmesh:80/' }],
    ['a host of ModelMesh of 304 letters', ['service'], { host: longHost }],
    ['an address of ModelMesh', ['service'], { host: '10.0.0.1' }],
    ['a gateway of 64 letters, of ModelMesh', ['gateway'], 'g'.repeat(64)],
  ]),
  ...of('kserve-none', [['a host of two words, of a model', hosts, [{ name: 'a b' }]]]),
  ...of('istio-blue-green', [
    [
      'a cookie of 1,000 letters',
      application,
      {
        strategy: 'blue-green',
        versions: versions(2),
        sessionAffinity: { type: 'Cookie', cookie: 'c'.repeat(1000) },
      },
    ],
  ]),
  ...of('gateway-api-blue-green', [['more versions than a rule takes', [...application, 'versions'], versions(17)]]),
  ...of('kserve-raw-none', [
    ['more gateways than a route of KServe takes', hosts, many(33, (i) => ({ name: 'a.example', gateway: `g${i}` }))],
  ]),
  ...of('kserve-canary', [['a header of two words, of KServe', match, [{ headers: { 'x user': { exact: 'a' } } }]]]),
];

/** The first is the primary of the starters. */
function versions(count: number, more: JsonObject = {}): JsonObject[] {
  return many(count, (i) => ({
    metadata: { name: `reviews-v${i + 1}` },
    image: 'registry.example/reviews:v1',
    weight: 10,
    ...more,
  }));
}
