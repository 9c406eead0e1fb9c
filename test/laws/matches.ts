import fc from 'fast-check';
import type { RouteMatch, StringMatch } from '../../src/release/route-plan.js';

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
    weight: 1,
    arbitrary: fc.constantFrom({ exact: '/api' }, { prefix: '/api' }, { prefix: '/api/v2' }).map((uri) => ({ uri })),
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
    weight: 1,
    arbitrary: fc.constantFrom({ value: '/api' }, { type: 'Exact', value: '/api/v2' }).map((path) => ({ path })),
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

/** Returns `match` in Istio's form or `matches` in the Gateway API's; none of them once in a while where `spare` is 1. */
export function matchForms(spare: 0 | 1): fc.Arbitrary<object> {
  const some = { minLength: 1, maxLength: 2 };
  return fc.oneof(
    ...(spare === 1 ? [{ weight: 1, arbitrary: fc.constant({}) }] : []),
    { weight: 2, arbitrary: fc.array(istioMatch, some).map((match) => ({ match })) },
    { weight: 2, arbitrary: fc.array(gatewayMatch, some).map((matches) => ({ matches })) },
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
  path: fc.constantFrom('/', '/api', '/api/', '/api/v2', '/api/v2/x', '/apis', '/other'),
  method: fc.constantFrom('GET', 'POST', 'PUT'),
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

/** Whether the prefix /api fits whole elements of a path, as in the Gateway API, or any text, as in Istio. */
export type Prefixes = 'elements' | 'text';

/** Whether the request fulfils all parts of the match. */
export function fulfils(
  { path, method, headers: given, query }: HttpRequest,
  match: RouteMatch,
  prefixes: Prefixes,
): boolean {
  return (
    (match.path === undefined ||
      fitsPath(path, match.path, match.place.at(-2) === 'matches' ? 'elements' : prefixes)) &&
    (match.method === undefined || match.method === method) &&
    match.headers.every(({ name, match: wanted }) => fits(given[name.toLowerCase()], wanted)) &&
    match.query.every(({ name, match: wanted }) => fits(query[name], wanted))
  );
}

function fitsPath(path: string, wanted: StringMatch, prefixes: Prefixes): boolean {
  if (wanted.kind !== 'prefix' || prefixes === 'text') return fits(path, wanted);
  return `${path}/`.startsWith(`${wanted.value.replace(/\/+$/, '')}/`);
}

function fits(text: string | undefined, { kind, value }: StringMatch): boolean {
  if (text === undefined) return false;
  if (kind === 'exact') return text === value;
  return kind === 'prefix' ? text.startsWith(value) : new RegExp(`^(?:${value})$`).test(text);
}
