import { expect, test } from 'vitest';
import { textPlan } from '../../src/environments/text-paths.js';
import { type RouteMatch, ruleFor } from '../../src/release/route-plan.js';

function pathsOf(form: 'match' | 'matches', value: string): unknown[] {
  const match: RouteMatch = {
    place: ['application', form, 0],
    headers: [],
    query: [],
    path: { kind: 'prefix', value },
    method: 'GET',
    istio: undefined,
  };
  const [rule] = textPlan({ rules: [ruleFor('v1', [match])] }).rules;
  return rule?.matches.map(({ path, method }) => [path?.kind, path?.value, method]) ?? [];
}

test('textPlan() makes two matches of a prefix by whole elements, and leaves / and a prefix of text alone', () => {
  const both = [
    ['exact', '/api', 'GET'],
    ['prefix', '/api/', 'GET'],
  ];
  expect(pathsOf('matches', '/api')).toEqual(both);
  expect(pathsOf('matches', '/api/')).toEqual(both);
  expect(pathsOf('matches', '/')).toEqual([['prefix', '/', 'GET']]);
  expect(pathsOf('match', '/api')).toEqual([['prefix', '/api', 'GET']]);
});
