import { describe, expect, test } from 'vitest';
import { stepsAhead } from '../../../src/evaluate/ahead/steps-ahead.js';
import { loadValues } from '../../../src/values/load.js';
import { release } from './release.js';

const named = (text: string, candidate = 'reviews-v2') => stepsAhead(loadValues(text, where), candidate);
const names = (...args: Parameters<typeof named>) => named(...args).map(({ name }) => name);
const where = { file: 'values.yaml', name: 'reviews', namespace: 'default' };

describe('stepsAhead()', () => {
  test('takes the steps of the rollout, and then the promotion', () => {
    expect(names(release({ rollout: 'policy: steps, steps: [5, {weight: 20, duration: 30m}, 50]' }))).toEqual([
      '5 %',
      '20 %',
      '50 %',
      'promotion',
    ]);
  });

  test('writes what the evaluator would write', () => {
    const steps = named(release({ rollout: 'policy: steps, steps: [5]' }));
    const versions = ['application', 'versions'];
    expect(steps.map(({ edits }) => edits)).toEqual([
      [
        { path: [...versions, 0, 'weight'], value: 95 },
        { path: [...versions, 1, 'weight'], value: 5 },
      ],
      [
        { path: ['application', 'primary'], value: 'reviews-v2' },
        { path: [...versions, 0, 'weight'], value: 0 },
        { path: [...versions, 1, 'weight'], value: 100 },
      ],
    ]);
  });

  test('rises from where the candidate is, and goes back to nothing', () => {
    const text = release({ weights: [80, 20], rollout: 'policy: steps, steps: [5, 20, 50]' });
    expect(names(text)).toEqual(['roll back', '50 %', 'promotion']);
  });

  test('takes every rung that a policy may choose, also below', () => {
    const rungs = ['1 %', '2 %', '5 %', '10 %', '20 %', '35 %'];
    expect(names(release({}))).toEqual([...rungs, 'promotion']);
    expect(names(release({ weights: [80, 20] }))).toEqual([
      'roll back',
      ...rungs.filter((name) => name !== '20 %'),
      'promotion',
    ]);
  });

  test('takes the usual ones of very many, with the entry and the last', () => {
    const rollout = 'policy: progressive, entryShare: 3, maxCandidateWeight: 40';
    expect(names(release({ rollout }))).toEqual([
      '1 %',
      '2 %',
      '3 %',
      '5 %',
      '10 %',
      '20 %',
      '35 %',
      '40 %',
      'promotion',
    ]);
  });

  test('leaves other candidates what they have, and the primary at least 1 %', () => {
    const text = release({ weights: [40, 0, 60] });
    const steps = named(text);
    expect(steps.map(({ name }) => name)).toEqual(['1 %', '2 %', '5 %', '10 %', '20 %', '35 %', 'promotion']);
    expect(steps[0]?.edits.map(({ value }) => value)).toEqual([39, 1]);
    expect(names(text, 'reviews-v3')).toContain('roll back');
  });

  test('gives a fresh baseline as much as the candidate', () => {
    const baseline =
      '  - {baselineOf: reviews-v1, metadata: {name: baseline}, image: "registry.example/reviews:v1", weight: 0}\n';
    const text = release({ analysis: 'baseline: fresh' }).replace('analysis:', `${baseline}analysis:`);
    const steps = named(text);
    expect(steps.map(({ name }) => name)).toEqual(['1 %', '2 %', '5 %', '10 %', '20 %', '35 %', 'promotion']);
    expect(steps[2]?.edits.map(({ value }) => value)).toEqual([90, 5, 5]);
  });

  test('knows one step of a match, and copies', () => {
    expect(names(release({ strategy: 'mirrored', rollout: 'policy: steps, steps: [10, 100]' }))).toEqual([
      'copies of 10 %',
      'copies of 100 %',
      'promotion',
    ]);
    const canary = `environment: istio
application:
  strategy: canary
  versions:
  - {metadata: {name: reviews-v1}, image: "registry.example/reviews:v1"}
  - metadata: {name: reviews-v2}
    image: registry.example/reviews:v2
    routed: false
    match: [{headers: {x-tester: {exact: "yes"}}}]
analysis: {interval: 60s, objectives: [{metric: error-rate, upperLimit: 0.01}]}
`;
    expect(names(canary)).toEqual(['what matches', 'promotion']);
  });

  test('has none where no policy moves anybody', () => {
    expect(named(release({}).replace(/analysis:.*/s, ''))).toEqual([]);
  });
});
