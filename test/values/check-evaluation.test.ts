import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../src/errors.js';
import { loadedOf, twoVersions } from '../release-of.js';

function evaluated(strategy: string, steps: string, objective = '{metric: error-rate, upperLimit: 0.01}'): string {
  return `${twoVersions('istio', strategy)}analysis:
  interval: 60s
  judge: threshold
  objectives: [${objective}]
rollout: {policy: steps, steps: ${steps}}
`;
}

/** Returns the problems of values as `path: message`. */
function problemsOf(text: string): string[] {
  try {
    loadedOf(text);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    expect(error.problems.every(({ line, hint }) => line !== undefined && hint !== undefined)).toBe(true);
    return error.problems.map(({ path, message }) => `${path}: ${message}`);
  }
}

/** Pods are the shares: so many of them, and how they move. */
function divided(replicas: number, rollout: string): string {
  return evaluated('blue-green', '[50]')
    .replace('environment: istio', 'environment: kubernetes')
    .replace('  port: 8080', `  port: 8080\n  replicas: ${replicas}`)
    .replace(/rollout: .*/, `rollout: ${rollout}`);
}

describe('checkReachable', () => {
  test('refuses a step that is no pod', () => {
    expect(problemsOf(divided(10, '{policy: steps, steps: [2, 50]}'))).toEqual([
      'rollout.steps[0]: is 2, at which application.versions[1].weight is 2 of 100, which is no pod of 10',
    ]);
  });

  test.each(['risk-budget', 'progressive'])(
    'refuses %s where the smallest share that it may choose is no pod',
    (id) => {
      expect(problemsOf(divided(10, `{policy: ${id}}`))).toEqual([
        `rollout.policy: is ${id}, which may choose 1 %, at which application.versions[1].weight is 1 of 100, which is no pod of 10`,
      ]);
    },
  );

  test('takes a policy with pods for every share', () => {
    expect(problemsOf(divided(100, '{policy: risk-budget}'))).toEqual([]);
    expect(problemsOf(divided(100, '{policy: uniform}'))).toEqual([]);
    expect(problemsOf(divided(10, '{policy: steps, steps: [10, 50]}'))).toEqual([]);
  });

  test('finds the share also where nobody wrote the policy', () => {
    expect(problemsOf(divided(10, '{onInconclusive: hold}'))).toEqual([
      expect.stringContaining('is risk-budget, which may choose 1 %'),
    ]);
  });
});

describe('checkEvaluation', () => {
  test('takes a canary by a policy without steps, which lets it in or not', () => {
    expect(problemsOf(evaluated('canary', '[100]').replace(/rollout: .*/, 'rollout: {policy: risk-budget}'))).toEqual(
      [],
    );
  });

  test.each([
    ['blue-green', '[5, 20, 50]'],
    ['mirrored', '[10, 100]'],
    ['canary', '[100]'],
  ])('takes %s with steps %s', (strategy, steps) => {
    expect(problemsOf(evaluated(strategy, steps))).toEqual([]);
  });

  test('refuses a step of 100 that leaves the primary nothing to be compared with', () => {
    expect(problemsOf(evaluated('blue-green', '[5, 100]'))).toEqual([
      'rollout.steps[1]: is 100, which leaves the primary without traffic to compare with',
    ]);
  });

  test('refuses to let a candidate in with everything', () => {
    const rollout = 'rollout: {entryShare: 100}';
    expect(problemsOf(evaluated('blue-green', '[5]').replace(/rollout: .*/, rollout))).toEqual([
      'rollout.entryShare: is 100, which leaves the primary without traffic to compare with',
    ]);
    expect(problemsOf(evaluated('mirrored', '[5]').replace(/rollout: .*/, rollout))).toEqual([]);
  });

  test('refuses shares for a canary, whose match knows all or nothing', () => {
    expect(problemsOf(evaluated('canary', '[5, 20]'))).toEqual([
      'rollout.steps: has shares, but canary sends a request to the candidate by its match or not at all',
    ]);
  });

  test('refuses a canary kept out by a weight, which a match does not read', () => {
    expect(problemsOf(evaluated('canary', '[100]').replace('weight: 10', 'weight: 0'))).toEqual([
      'application.versions[1].weight: is 0, which has no meaning in canary',
    ]);
  });

  test('refuses an unjudged version on top of the list, unless the primary is named', () => {
    const text = evaluated('blue-green', '[5]').replace('weight: 90', 'weight: 0').replace('weight: 10', 'weight: 100');
    expect(problemsOf(text)).toEqual([
      'application.versions[0].weight: is 0, but v1 is the primary as the first of the versions',
    ]);
    expect(problemsOf(text.replace('  port', '  primary: v2\n  port'))).toEqual([]);
  });

  test('refuses a ratio of counts, which follow from the weights', () => {
    expect(problemsOf(evaluated('blue-green', '[5]', '{metric: request-count, minRatio: 0.5}'))).toEqual([
      'analysis.objectives[0].minRatio: compares counts of requests, which follow from the weights',
    ]);
  });

  test('refuses a weight that rounds to no traffic', () => {
    const text = twoVersions('istio', 'blue-green')
      .replace('weight: 90', 'weight: 999')
      .replace('weight: 10', 'weight: 1');
    expect(problemsOf(text)).toEqual(['application.versions[1].weight: is 1 of 1000, which rounds to 0 %']);
  });

  test('refuses directives and what is no number of JSON in a partial Deployment, where they stand', () => {
    const deployment = '  deployment: {spec: {template: {spec: {volumes: [{$patch: delete, name: .inf}]}}}}\n  port';
    const at = 'application.deployment.spec.template.spec.volumes[0]';
    expect(problemsOf(twoVersions('istio', 'none').replace('  port', deployment))).toEqual([
      `${at}.$patch: is a directive of patches, which is not carried out here`,
      `${at}.name: is Infinity, which is no number of JSON`,
    ]);
  });
});
