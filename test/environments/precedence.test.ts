import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { misrouted, type Rank } from '../../src/environments/precedence.js';
import {
  anyRequest,
  type RouteMatch,
  type RoutePlan,
  ruleFor,
  type StringMatch,
} from '../../src/release/route-plan.js';

function planOf(...rules: readonly (readonly RouteMatch[])[]): RoutePlan {
  return { rules: rules.map((matches, i) => ruleFor(`v${i}`, matches)) };
}

function header(name: string, value: string, kind: StringMatch['kind'] = 'exact'): Partial<RouteMatch> {
  return { headers: [{ name, match: { kind, value } }] };
}

function match(...parts: readonly Partial<RouteMatch>[]): RouteMatch {
  return {
    ...anyRequest,
    headers: parts.flatMap(({ headers = [] }) => headers),
    ...Object.assign({}, ...parts.map(({ headers: _, ...rest }) => rest)),
  };
}

const byPath = (kind: StringMatch['kind'], value: string): Partial<RouteMatch> => ({ path: { kind, value } });
const headerCount: Rank = ({ headers }) => [headers.length];
const prefixLength: Rank = ({ path }) => [path?.value.length ?? 0];
const both = match(header('a', '1'), header('b', '1'));

describe('misrouted()', () => {
  test('names the earlier match that loses and the later one that wins', () => {
    const plan = planOf([match(header('a', '1'))], [both], []);
    expect(misrouted(plan, headerCount)).toEqual([{ match: plan.rules[0]?.matches[0], above: both }]);
  });

  test('names no match above where the rule without matches wins', () => {
    const plan = planOf([match(header('a', '1'))], []);
    expect(misrouted(plan, () => [0], { ties: 'undefined' })).toMatchObject([{ above: undefined }]);
  });

  test.each([
    ['other values of one header', [match(header('a', '2'))], [both]],
    ['other spellings of one header', [match(header('A', '2'))], [both]],
    ['an expression that the value does not fit', [match(header('a', '[2-9]', 'regex'))], [both]],
    ['the more specific first', [both], [match(header('a', '1'))]],
    ['equals, in their order', [match(header('a', '1'))], [match(header('b', '1'))]],
    ['other methods', [match({ method: 'GET' })], [match({ method: 'PUT' }, header('a', '1'))]],
    ['a match that its own rule outranks', [match(header('a', '1')), both], [both]],
  ])('takes %s', (_what, first, second) => {
    expect(misrouted(planOf(first, second, []), headerCount)).toEqual([]);
  });

  test.each([
    ['an expression that the value fits', [match(header('a', '[1-9]', 'regex'))]],
    ['an expression that only RE2 reads', [match(header('a', '(?i)[[:alpha:]]', 'regex'))]],
  ])('refuses %s', (_what, first) => {
    expect(misrouted(planOf(first, [both], []), headerCount)).toHaveLength(1);
  });

  test('compares prefixes of paths by element or by text, as the target does', () => {
    const plan = planOf([match(byPath('prefix', '/foo'))], [match(byPath('prefix', '/foobar'))], []);
    expect(misrouted(plan, prefixLength)).toEqual([]);
    expect(misrouted(plan, prefixLength, { prefixes: 'text' })).toHaveLength(1);
  });

  test('reports a tie where the target does not break it by order', () => {
    const plan = planOf([match(header('a', '1'))], [match(header('b', '1'))], []);
    expect(misrouted(plan, headerCount, { ties: 'undefined' })).toHaveLength(1);
  });

  test('takes an open rank at its worst, and alike for one path', () => {
    const open: Rank = ({ path, headers }, end) => [
      path?.kind === 'regex' && end === 'highest' ? 2 : 0,
      headers.length,
    ];
    const [one, other] = [byPath('regex', '/a.*'), byPath('regex', '/b.*')];
    expect(misrouted(planOf([match(one, header('a', '1'))], [match(other)]), open)).toHaveLength(1);
    expect(misrouted(planOf([match(one, header('a', '1'))], [match(one)]), open)).toEqual([]);
  });

  test('reports a pair for a plan exactly where some request goes elsewhere', () => {
    const value = fc.option(fc.constantFrom('1', '2'), { nil: undefined });
    const arbitraryMatch = fc
      .record({ a: value, b: value, c: value })
      .map(({ a, b, c }) =>
        match(...Object.entries({ a, b, c }).flatMap(([name, each]) => (each ? [header(name, each)] : []))),
      );
    const matches = fc.array(arbitraryMatch, { minLength: 1, maxLength: 3 });
    const texts = [undefined, '1', '2'];
    const requests = texts.flatMap((a) =>
      texts.flatMap((b) => texts.map((c) => ({ a, b, c }) as Record<string, unknown>)),
    );
    // Any ranking will do: this one looks at names alone.
    const rank: Rank = ({ headers }) => [headers.filter(({ name }) => name !== 'c').length, headers.length];
    fc.assert(
      fc.property(fc.array(matches, { minLength: 1, maxLength: 4 }), (lists) => {
        const plan = planOf(...lists, []);
        const all = plan.rules.flatMap((rule, i) =>
          (rule.matches.length > 0 ? rule.matches : [anyRequest]).map((each) => ({
            i,
            each,
            rank: rank(each, 'lowest') as number[],
          })),
        );
        const wrong = requests.some((request) => {
          const fitting = all.filter(({ each }) =>
            each.headers.every(({ name, match: { value } }) => request[name] === value),
          );
          const best = fitting.toSorted(
            (x, y) => (y.rank[0] ?? 0) - (x.rank[0] ?? 0) || (y.rank[1] ?? 0) - (x.rank[1] ?? 0) || x.i - y.i,
          )[0];
          return best?.i !== fitting[0]?.i;
        });
        expect(misrouted(plan, rank).length > 0).toBe(wrong);
      }),
      { numRuns: 500 },
    );
  });
});
