import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  exactReplicas,
  fewestReplicas,
  noticeRatio,
  refuseRatio,
  replicasOf,
} from '../../src/environments/replica-ratio.js';
import { primaryOf } from '../../src/release/model.js';
import type { RoutePlan } from '../../src/release/route-plan.js';
import { apportion } from '../../src/release/shares.js';
import { blueGreen } from '../../src/strategies/blue-green.js';
import { releaseOf } from '../release-of.js';

/** A release whose environment has weights of its own, so that any division can be asked for. */
function modelOf(weights: readonly number[], replicas: number | undefined) {
  const text = [
    'environment: istio',
    'application:',
    '  strategy: blue-green',
    '  versions:',
    ...weights.map((_, i) => `  - {metadata: {name: v${i + 1}}, image: "registry.example/shop:v${i}"}`),
    '',
  ].join('\n');
  const { model } = releaseOf(text);
  // Put in behind the checks of loading, which want whole percents here.
  const versions = model.versions.map((version, i) => ({ ...version, weight: weights[i] ?? 0 }));
  return { ...model, versions, replicas };
}

function divided(weights: readonly number[], replicas: number | undefined) {
  const model = modelOf(weights, replicas);
  const plan = blueGreen.plan(model);
  return {
    pods: [...(replicasOf(model, plan)?.values() ?? [])],
    refusals: refuseRatio(model, plan),
    notices: noticeRatio(model, plan),
  };
}

/** Weights, some of which are no whole percent. */
const weights = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 40 }), fc.constant(400)), { minLength: 1, maxLength: 5 })
  .filter((list) => list.some((weight) => weight > 0));

describe('replicasOf()', () => {
  test('divides all pods, none for weight 0, and whoever has a weight gets one or is refused', () => {
    fc.assert(
      fc.property(weights, fc.integer({ min: 1, max: 60 }), (list, replicas) => {
        const { pods, refusals } = divided(list, replicas);
        expect(pods.reduce((sum, each) => sum + each, 0)).toBe(replicas);
        const refused = refusals.map(({ path }) => path[2]);
        list.forEach((weight, i) => {
          if (weight === 0) expect(pods[i]).toBe(0);
          expect(refused.includes(i)).toBe(weight > 0 && pods[i] === 0);
        });
      }),
      { numRuns: 60 },
    );
  });

  test('reaches the split by the exact total, and gives everybody a pod by the fewest', () => {
    fc.assert(
      fc.property(weights, (list) => {
        const sum = list.reduce((total, weight) => total + weight, 0);
        const exact = exactReplicas(list);
        expect(apportion(list, exact).map((pods) => pods * sum)).toEqual(list.map((weight) => weight * exact));
        expect(divided(list, exact)).toMatchObject({ refusals: [], notices: [] });
        const fewest = fewestReplicas(list);
        expect(fewest).toBeLessThanOrEqual(exact);
        expect(divided(list, fewest).refusals).toEqual([]);
        const above = list.filter((weight) => weight > 0);
        for (let total = 1; total < fewest; total += 1) expect(apportion(above, total)).toContain(0);
      }),
      { numRuns: 60 },
    );
  });

  test('gives no pod to a version that is not routed', () => {
    const model = modelOf([70, 30, 50], 10);
    const versions = model.versions.map((version) => ({ ...version, routed: version.name !== 'v3' }));
    const release = { ...model, versions };
    expect([...(replicasOf(release, blueGreen.plan(release)) ?? [])]).toEqual([
      ['v1', 7],
      ['v2', 3],
      ['v3', 0],
    ]);
  });

  test('follows the plan where a strategy does not go by the weights', () => {
    const model = modelOf([90, 10], 4);
    const backends = [
      { version: 'v1', share: 50 },
      { version: 'v2', share: 50 },
    ];
    const plan: RoutePlan = { rules: [{ name: 'even', matches: [], backends, mirrors: [], weighted: true }] };
    expect([...(replicasOf(model, plan)?.values() ?? [])]).toEqual([2, 2]);
  });

  test('is undefined where nothing divides the pods', () => {
    const model = modelOf([1, 1], 4);
    const backends = [{ version: primaryOf(model).name, share: 100 }];
    const plan: RoutePlan = { rules: [{ name: 'v1', matches: [], backends, mirrors: [], weighted: false }] };
    expect(replicasOf(model, plan)).toBeUndefined();
    expect(refuseRatio(model, plan)).toMatchObject([{ path: ['application', 'replicas'] }]);
  });
});

describe('refuseRatio()', () => {
  test('says how many replicas a share takes', () => {
    expect(divided([95, 5], 3).refusals).toEqual([
      {
        path: ['application', 'versions', 1, 'weight'],
        message: 'is 5 of 100, which is no pod of 3',
        hint: '20 replicas make exactly the split, and 11 are the fewest that give every version a pod.',
      },
    ]);
    expect(divided([1, 1, 1], 2).refusals[0]?.hint).toBe('It takes 3 replicas, which make exactly the split.');
  });

  test('asks for the number of replicas', () => {
    expect(divided([70, 30], undefined).refusals).toEqual([
      {
        path: ['application', 'replicas'],
        message: 'is missing',
        hint: 'Give the number of pods that the weights divide: 10 make exactly the split.',
      },
    ]);
  });
});

describe('noticeRatio()', () => {
  test('reports the split that the pods make', () => {
    expect(divided([70, 30], 4).notices).toEqual([
      {
        path: ['application', 'replicas'],
        message: 'is 4, which makes v1 75 % and v2 25 % instead of 70 % and 30 %',
        hint: '10 replicas make exactly the split.',
      },
    ]);
  });

  test('tells what whole percents would hide', () => {
    expect(divided([199, 1], 150).notices).toMatchObject([
      { message: 'is 150, which makes v1 99.3 % and v2 0.67 % instead of 99.5 % and 0.5 %' },
    ]);
    expect(divided([199, 1], 200).notices).toEqual([]);
  });

  test('is silent where the percents read the same', () => {
    expect(divided([2, 1], 3).notices).toEqual([]);
    expect(divided([333, 667], 3).notices).toEqual([]);
  });
});
