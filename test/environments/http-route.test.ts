import { Testing } from 'cdk8s';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { refuseHttpRoutes, renderHttpRoutes } from '../../src/environments/http-route.js';
import { type RouteMatch, type RoutePlan, ruleFor, type StringMatch } from '../../src/release/route-plan.js';
import { releaseOf } from '../release-of.js';

const names = ['v0', 'v1', 'v2', 'v3'];
const { model: release } = releaseOf(
  [
    'environment: gateway-api',
    'application:',
    '  versions:',
    ...names.map((name) => `  - {metadata: {name: ${name}}, image: i:1}`),
    '',
  ].join('\n'),
);

function planOf(lists: readonly (readonly RouteMatch[])[]): RoutePlan {
  const last = lists.length;
  return { rules: [...lists, []].map((matches, i) => ruleFor(i === last ? 'v0' : (names[i + 1] ?? 'v0'), matches)) };
}

interface Written {
  readonly path: { readonly type: string; readonly value: string };
  readonly method?: string;
  readonly headers?: readonly { readonly name: string; readonly value: string; readonly type: string }[];
  readonly queryParams?: readonly { readonly name: string; readonly value: string; readonly type: string }[];
}

interface Request {
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly query: Readonly<Record<string, string | undefined>>;
}

function rulesOf(plan: RoutePlan): readonly { readonly matches: readonly Written[] }[] {
  const chart = Testing.chart();
  renderHttpRoutes(chart, release, plan);
  return Testing.synth(chart).find(({ kind }) => kind === 'HTTPRoute').spec.rules;
}

function fits(written: Written, { path, method, headers, query }: Request): boolean {
  const compare = ({ type, value }: { type: string; value: string }, text?: string) =>
    text !== undefined && (type === 'RegularExpression' ? new RegExp(`^(${value})$`).test(text) : text === value);
  const elements = (text: string) => text.split('/').filter((each) => each !== '');
  const { type, value } = written.path;
  const inPath =
    type === 'PathPrefix'
      ? elements(value).every((each, i) => elements(path)[i] === each)
      : compare({ type, value }, path);
  if (!inPath || (written.method ?? method) !== method) return false;
  const named = (written.headers ?? []).every((each) => compare(each, headers[each.name.toLowerCase()]));
  return named && (written.queryParams ?? []).every((each) => compare(each, query[each.name]));
}

/** The list of the Gateway API, read one by one; the last number is for the rank of a path by regular expression. */
function prefers(one: Written, other: Written, regexFirst: boolean): number {
  const regex = (each: Written) => (each.path.type === 'RegularExpression' ? (regexFirst ? 1 : -1) : 0);
  const criteria: ((each: Written) => number)[] = [
    regex,
    (each) => (each.path.type === 'Exact' ? 1 : 0),
    (each) => (each.path.type === 'PathPrefix' ? each.path.value.length : 0),
    (each) => (each.method === undefined ? 0 : 1),
    (each) => each.headers?.length ?? 0,
    (each) => each.queryParams?.length ?? 0,
  ];
  return criteria.map((criterion) => criterion(other) - criterion(one)).find((difference) => difference !== 0) ?? 0;
}

function isMisrouted(plan: RoutePlan, request: Request, regexFirst: boolean): boolean {
  const all = rulesOf(plan).flatMap(({ matches }, rule) => matches.map((written) => ({ rule, written })));
  const fitting = all.filter(({ written }) => fits(written, request));
  const best = fitting.toSorted(
    (one, other) => prefers(one.written, other.written, regexFirst) || one.rule - other.rule,
  )[0];
  return best?.rule !== fitting[0]?.rule;
}

const exact = (value: string): StringMatch => ({ kind: 'exact', value });
const option = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const plain = [
  exact('/a'),
  exact('/a/b'),
  ...['/', '/a', '/a/b', '/ab'].map((value) => ({ kind: 'prefix' as const, value })),
];

function plans(paths: readonly StringMatch[], texts: readonly StringMatch[]): fc.Arbitrary<RoutePlan> {
  const text = option(fc.constantFrom(...texts));
  const one = fc
    .record({
      path: option(fc.constantFrom(...paths)),
      method: option(fc.constantFrom('GET', 'PUT')),
      a: text,
      b: text,
      q: text,
    })
    .map(
      ({ path, method, a, b, q }): RouteMatch => ({
        place: ['application', 'matches', 0],
        path,
        method,
        headers: [...(a ? [{ name: 'X-A', match: a }] : []), ...(b ? [{ name: 'x-b', match: b }] : [])],
        query: q ? [{ name: 'q', match: q }] : [],
        istio: undefined,
      }),
    );
  return fc.array(fc.array(one, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 3 }).map(planOf);
}

const texts = [undefined, '1', '2'];
const requests: Request[] = ['/', '/a', '/a/z', '/a/b', '/a/b/z', '/ab', '/ab/z', '/z'].flatMap((path) =>
  ['GET', 'PUT', 'POST'].flatMap((method) =>
    texts.flatMap((a) =>
      texts.flatMap((b) => texts.map((q) => ({ path, method, headers: { 'x-a': a, 'x-b': b }, query: { q } }))),
    ),
  ),
);

describe('refuseHttpRoutes()', () => {
  test('refuses a plan exactly where an HTTPRoute sends some request elsewhere', () => {
    fc.assert(
      fc.property(plans(plain, [exact('1'), exact('2')]), (plan) => {
        const written = rulesOf(plan).flatMap(({ matches }, rule) => matches.map((each) => ({ rule, each })));
        const wrong = requests.some((request) => {
          const fitting = written.filter(({ each }) => fits(each, request));
          const best = fitting.toSorted((x, y) => prefers(x.each, y.each, true) || x.rule - y.rule)[0];
          return best?.rule !== fitting[0]?.rule;
        });
        expect(refuseHttpRoutes(release, plan, 'gateway-api').length > 0).toBe(wrong);
      }),
      { numRuns: 200 },
    );
  });

  test('accepts no plan that a gateway misroutes, wherever it ranks regular expressions', () => {
    const regex: StringMatch = { kind: 'regex', value: '1|2' };
    const paths = [...plain, { kind: 'regex' as const, value: '/a.*' }];
    fc.assert(
      fc.property(
        plans(paths, [exact('1'), regex]),
        fc.constantFrom(...requests),
        fc.boolean(),
        (plan, request, first) => {
          fc.pre(refuseHttpRoutes(release, plan, 'gateway-api').length === 0);
          expect(isMisrouted(plan, request, first)).toBe(false);
        },
      ),
      { numRuns: 300 },
    );
  });
});
