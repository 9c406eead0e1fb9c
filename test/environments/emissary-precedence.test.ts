import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { refusalsOf, twoVersions } from '../release-of.js';
import { canary, type Mapping, mappingsOf } from './emissary-mappings.js';

describe('precedence of emissary', () => {
  function threeVersions(second: string, third: string): string {
    const last = ['  - metadata: {name: v3}', '    image: registry.example/shop:v3', `    match: [${third}]`, ''];
    return canary(`- ${second}`) + last.join('\n');
  }

  test.each([
    [
      'the longer path, though its headers are shorter',
      '{uri: {prefix: /api}}',
      '{headers: {x-tester: {exact: "yes"}}}',
    ],
    ['the longer headers', '{headers: {x-tester: {exact: "yes"}}}', '{headers: {a: {exact: b}}}'],
    ['the method as a header', '{method: {exact: GET}}', '{headers: {x-a: {exact: "1"}}}'],
    ['the query last', '{headers: {a: {exact: b}}}', '{queryParams: {customer: {exact: "12345"}}}'],
    ['what excludes each other', '{headers: {a: {exact: b}}}', '{headers: {a: {exact: c}}}'],
  ])('accepts %s', (_what, second, third) => {
    expect(mappingsOf(threeVersions(second, third))).toHaveLength(3);
  });

  test.each([
    ['a later match that is longer', '{headers: {a: {exact: b}}}', '{headers: {x-tester: {exact: "yes"}}}'],
    ['a later path', '{headers: {x-tester: {exact: "yes"}}}', '{uri: {prefix: /api}}'],
    ['a tie that the alphabet would break', '{headers: {b: {exact: "1"}}}', '{headers: {a: {exact: "1"}}}'],
    ['the same match twice', '{headers: {a: {exact: b}}}', '{headers: {a: {exact: b}}}'],
  ])('refuses() %s, and names the rival', (_what, second, third) => {
    expect(refusalsOf(threeVersions(second, third))).toEqual([
      expect.stringContaining(
        'application.versions[1].match[0] would lose requests to application.versions[2].match[0]',
      ),
    ]);
  });

  test('refuses() two candidates with the match of Iter8, at the first', () => {
    const text = `${twoVersions('emissary', 'canary')}  - {metadata: {name: v3}, image: registry.example/shop:v3}\n`;
    expect(refusalsOf(text)).toEqual([
      expect.stringContaining('application.versions[1] would lose requests to application.versions[2]'),
    ]);
  });

  test('refuses() a match that is no longer than the rule for all other requests', () => {
    expect(refusalsOf(canary('- {uri: {exact: /}}'))).toEqual([
      expect.stringContaining('would lose requests to the rule for all other requests'),
    ]);
  });

  test('refuses() matches of one rule that Emissary cannot tell apart', () => {
    expect(refusalsOf(canary('- {uri: {prefix: /api}}', '- {uri: {exact: /api}}'))).toEqual([
      expect.stringContaining(
        'application.versions[1].match[1] reads to Emissary like application.versions[1].match[0]',
      ),
    ]);
  });

  test('refuses() once a PathPrefix whose two Mappings both lose requests', () => {
    const text = twoVersions('emissary', 'canary', ['matches: [{path: {value: /a}}]']);
    const last = ['  - metadata: {name: v3}', '    image: registry.example/shop:v3'];
    const third = (path: string) => `${text}${[...last, `    matches: [{path: {value: ${path}}}]`, ''].join('\n')}`;
    expect(refusalsOf(third('/a/b'))).toEqual([
      expect.stringMatching(/versions\[1\]\.matches\[0\] would lose requests to .*versions\[2\]\.matches\[0\]/),
    ]);
    expect(mappingsOf(third('/ab'))).toHaveLength(5);
  });

  /** What Emissary does with the Mappings as they are written: the highest rank that fits. */
  function chosen(all: readonly Mapping[], request: { path: string; headers: Record<string, string> }): unknown {
    const length = (texts: object = {}) => Object.entries(texts).reduce((sum, [k, v]) => sum + k.length + v.length, 0);
    const fits = ({ spec }: Mapping) =>
      (spec.prefix_exact === true ? request.path === spec.prefix : request.path.startsWith(spec.prefix)) &&
      Object.entries((spec.headers ?? {}) as object).every(([name, value]) => request.headers[name] === value);
    const rank = ({ spec }: Mapping) => spec.prefix.length * 1000 + length(spec.headers as object);
    return all.filter(fits).sort((one, other) => rank(other) - rank(one))[0]?.spec.service;
  }

  const names = ['a', 'bb', 'ccc'];
  const match = fc.record({
    headers: fc.dictionary(fc.constantFrom(...names), fc.constantFrom('1', '22'), { maxKeys: 2 }),
    path: fc.constantFrom('', '/x', '/xy', '/x/y'),
  });
  const request = fc.record({
    headers: fc.dictionary(fc.constantFrom(...names), fc.constantFrom('1', '22')),
    path: fc.constantFrom('/', '/x', '/x/', '/xyz', '/x/y', '/x/y/z'),
  });

  test.each(['match', 'matches'])(
    'render() of what is not refused sends every request where the first %s of the plan does',
    (form) => {
      let accepted = 0;
      const property = fc.property(
        match,
        match,
        fc.array(request, { minLength: 20, maxLength: 40 }),
        (one, other, all) => {
          const elements = form === 'matches';
          const [second = '', third = ''] = [one, other].map(({ headers, path }) =>
            JSON.stringify(
              elements
                ? {
                    headers: Object.entries(headers).map(([name, value]) => ({ name, value })),
                    ...(path !== '' && { path: { value: path } }),
                  }
                : {
                    headers: Object.fromEntries(
                      Object.entries(headers).map(([name, value]) => [name, { exact: value }]),
                    ),
                    ...(path !== '' && { uri: { prefix: path } }),
                  },
            ),
          );
          const text = threeVersions(second, third).replaceAll('match:', `${form}:`);
          if (refusalsOf(text).length > 0) return;
          const rendered = mappingsOf(text);
          accepted += 1;
          for (const each of all) {
            const fits = ({ headers, path }: typeof one) =>
              (elements ? `${each.path}/`.startsWith(`${path}/`) : each.path.startsWith(path)) &&
              Object.entries(headers).every(([name, value]) => each.headers[name] === value);
            const meant = fits(one) ? 'v2' : fits(other) ? 'v3' : 'v1';
            expect(chosen(rendered, each)).toBe(`${meant}.default:8080`);
          }
        },
      );
      fc.assert(property, { numRuns: 200, seed: 4 });
      expect(accepted).toBeGreaterThan(30);
    },
  );
});
