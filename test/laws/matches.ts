import fc from 'fast-check';

const cookie = { regex: '^(.*?;)?(beta=yes)(;.*)?$' };
const headers = [
  { 'x-user': { exact: 'tester' } },
  { 'X-User': { exact: 'Alice' } },
  { 'x-group': { exact: 'beta' } },
  { 'x-region': { regex: 'eu-.*' } },
  { cookie },
];

/** Simple ones far more often: a target that ranks rules by specificity refuses many a mixture. */
const istioMatch = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...headers).map((each) => ({ headers: each })) },
  {
    weight: 2,
    arbitrary: fc
      .subarray(headers, { minLength: 2, maxLength: 3 })
      .map((each) => ({ headers: Object.assign({}, ...each) })),
  },
  { weight: 1, arbitrary: fc.constant({ headers: { 'x-region': { prefix: 'eu-' } } }) },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom({ exact: '/api' }, { prefix: '/api' }, { prefix: '/shop/api' }, { regex: '/api/v[0-9]+' })
      .map((uri) => ({ uri })),
  },
  { weight: 1, arbitrary: fc.constantFrom('GET', 'POST').map((exact) => ({ method: { exact } })) },
  { weight: 1, arbitrary: fc.constant({ queryParams: { beta: { exact: 'yes' } } }) },
  {
    weight: 1,
    arbitrary: fc.constant({
      headers: { 'x-user': { exact: 'tester' } },
      uri: { prefix: '/api' },
      method: { exact: 'GET' },
    }),
  },
);

const named = [
  { name: 'x-user', value: 'tester' },
  { name: 'X-User', type: 'Exact', value: 'Alice' },
  { name: 'x-group', type: 'Exact', value: 'beta' },
  { name: 'cookie', type: 'RegularExpression', value: cookie.regex },
];

const gatewayMatch = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...named).map((each) => ({ headers: [each] })) },
  {
    weight: 2,
    arbitrary: fc.subarray(named.slice(1), { minLength: 2, maxLength: 3 }).map((each) => ({ headers: each })),
  },
  { weight: 1, arbitrary: fc.constantFrom('GET', 'POST').map((method) => ({ method })) },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom(
        { value: '/api' },
        { value: '/shop/api' },
        { type: 'PathPrefix', value: '/api/v2/' },
        { type: 'Exact', value: '/api/v2' },
        { type: 'RegularExpression', value: '/api/v[0-9]+(/.*)?' },
      )
      .map((path) => ({ path })),
  },
  { weight: 1, arbitrary: fc.constant({ queryParams: [{ name: 'beta', value: 'yes' }] }) },
  {
    weight: 1,
    arbitrary: fc.constant({
      headers: [{ name: 'x-user', value: 'tester' }],
      path: { type: 'PathPrefix', value: '/api/' },
    }),
  },
);

/** What a gRPC call can be told by: /package.Service/Method and headers. */
const istioCall = fc.oneof(
  fc.constantFrom(...headers.slice(0, 4)).map((each) => ({ headers: each })),
  fc.constantFrom({ exact: '/shop.Cart/Add' }, { prefix: '/shop.Cart/' }).map((uri) => ({ uri })),
);
const gatewayCall = fc.oneof(
  fc.constantFrom(...named).map((each) => ({ headers: [each] })),
  fc
    .constantFrom({ type: 'Exact', value: '/shop.Cart/Add' }, { type: 'PathPrefix', value: '/shop.Cart' })
    .map((path) => ({ path })),
);

/** What the requests of a release are. */
export type Traffic = 'http' | 'grpc';

/** Returns `match` in Istio's form or `matches` in the Gateway API's; none of them once in a while where `spare` is 1. */
export function matchForms(spare: 0 | 1, traffic: Traffic = 'http'): fc.Arbitrary<object> {
  const some = { minLength: 1, maxLength: 2 };
  const istio = fc.array<object>(traffic === 'grpc' ? istioCall : istioMatch, some);
  const gateway = fc.array<object>(traffic === 'grpc' ? gatewayCall : gatewayMatch, some);
  return fc.oneof(
    ...(spare === 1 ? [{ weight: 1, arbitrary: fc.constant({}) }] : []),
    { weight: 2, arbitrary: istio.map((match) => ({ match })) },
    { weight: 2, arbitrary: gateway.map((matches) => ({ matches })) },
  );
}

/** A request, as far as matches look at one; the names of headers are in lower case. */
export interface HttpRequest {
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
}

/** Requests that matches of this file often fit, and as often not. */
export const requests: fc.Arbitrary<HttpRequest> = fc.record({
  path: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom('/', '/api', '/api/', '/api/v2', '/api/v2/x', '/apis', '/other') },
    { weight: 1, arbitrary: fc.constantFrom('/shop', '/shop/', '/shop/api', '/shop/api/x', '/shop/apis', '/shopping') },
    { weight: 2, arbitrary: fc.constantFrom('/shop.Cart/Add', '/shop.Cart/Remove', '/shop.Carts/Add') },
  ),
  method: fc.oneof({ weight: 2, arbitrary: fc.constant('POST') }, fc.constantFrom('GET', 'PUT')),
  headers: fc.record(
    {
      'x-user': fc.constantFrom('tester', 'Alice', 'bob'),
      'x-group': fc.constantFrom('beta', 'none'),
      'x-region': fc.constantFrom('eu-1', 'us-1'),
      traffic: fc.constantFrom('test', 'live'),
      cookie: fc.constantFrom('beta=yes', 'a=b;beta=yes', 'beta=no'),
    },
    { requiredKeys: [] },
  ),
  query: fc.record({ beta: fc.constantFrom('yes', 'no') }, { requiredKeys: [] }),
});
