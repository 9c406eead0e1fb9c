import { describe, expect, test } from 'vitest';
import { ConfigError, type Problem } from '../../src/errors.js';
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
  return faultsOf(text).map(({ path, message }) => `${path}: ${message}`);
}

function hintsOf(text: string): (string | undefined)[] {
  return faultsOf(text).map(({ hint }) => hint);
}

function faultsOf(text: string): readonly Problem[] {
  try {
    loadedOf(text);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    expect(error.problems.every(({ line, hint }) => line !== undefined && hint !== undefined)).toBe(true);
    return error.problems;
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

  test.each([
    ['{metric: error-rate, upperLimit: 1}', 'upperLimit: is 1, which no error rate can be above', '0.01 for 1 %'],
    ['{metric: error-rate, upperLimit: 5}', 'upperLimit: is 5, which no error rate can be above', '0.05 for 5 %'],
    ['{metric: error-rate, upperLimit: -1}', 'upperLimit: is -1, which no error rate can be below', '0.01 for 1 %'],
    ['{metric: error-rate, lowerLimit: 1}', 'lowerLimit: is 1, which asks for nothing but errors', '0.01 for 1 %'],
    ['{metric: error-rate, lowerLimit: -0.1}', 'lowerLimit: is -0.1, which no error rate can be below', '0.01 for 1 %'],
    ['{metric: latency-mean, lowerLimit: 5, upperLimit: 3}', 'lowerLimit: is 5, above the upperLimit of 3', 'swap'],
  ])('refuses the limits %s, which mean nothing', (objective, says, hint) => {
    const text = evaluated('blue-green', '[5]', objective);
    expect(problemsOf(text)).toEqual([`analysis.objectives[0].${says}`]);
    expect(hintsOf(text)).toEqual([expect.stringContaining(hint)]);
  });

  test.each([
    '{metric: error-rate, upperLimit: 0.99}',
    '{metric: error-rate, upperLimit: 0, lowerLimit: 0}',
    '{metric: latency-mean, upperLimit: 250}',
  ])('takes the limits %s', (objective) => {
    expect(problemsOf(evaluated('blue-green', '[5]', objective))).toEqual([]);
  });

  const rewards = 'rewards: [{metric: latency-mean, preferredDirection: low}]';

  test('refuses rewards that nobody reads', () => {
    const rewarded = evaluated('blue-green', '[5]').replace('judge: threshold', `judge: threshold\n  ${rewards}`);
    expect(problemsOf(rewarded)).toEqual([]);
    const sequential = rewarded.replace('judge: threshold', 'judge: sequential');
    expect(problemsOf(sequential)).toEqual(['analysis.rewards: has no effect with the judge sequential']);
    expect(hintsOf(sequential)).toEqual(['Choose the judge bayesian or threshold, or take it out.']);
    expect(problemsOf(rewarded.replace('blue-green', 'canary').replace('[5]', '[100]'))).toEqual([
      'analysis.rewards: has no effect in canary, whose candidate answers other people than the primary',
    ]);
  });

  test.each([
    ['threshold: {failures: 2}', ['threshold.failures: has no effect without windows: each']],
    [
      'threshold: {windows: all, consecutiveFailures: 2}',
      ['threshold.consecutiveFailures: has no effect without windows: each'],
    ],
    ['threshold: {windows: each, failures: 2, consecutiveFailures: 1}', []],
    ['maxDuration: 30s', ['interval: is 60s, above maxDuration, which is 30s']],
    ['maxDuration: 60s', []],
    ['minDuration: 4h', ['minDuration: is 4h, above maxDuration, which is 3h']],
    ['minDuration: 3h', []],
  ])('judges whether %s has a meaning', (line, says) => {
    const text = evaluated('blue-green', '[5]').replace('judge: threshold', `judge: threshold\n  ${line}`);
    expect(problemsOf(text)).toEqual(says.map((each) => `analysis.${each}`));
  });

  test.each([
    ['windows: 181', ['windows: is 181, and so many windows of 60 s take longer than maxDuration, 10800 s']],
    ['windows: 180', []],
    ['pass: 70', ['pass: is 70, below marginal, which is 75']],
    ['marginal: 96', ['pass: is 95, below marginal, which is 96']],
    ['pass: 75', []],
  ])('judges whether kayenta with %s can find anything', (setting, says) => {
    const text = evaluated('blue-green', '[5]', '{metric: error-rate}');
    const judged = text.replace('judge: threshold', `judge: kayenta\n  kayenta: {${setting}}`);
    expect(problemsOf(judged)).toEqual(says.map((each) => `analysis.kayenta.${each}`));
  });

  test('refuses a step that takes longer than the analysis', () => {
    const step = (duration: string) => evaluated('blue-green', `[5, {weight: 50, duration: ${duration}}]`);
    expect(problemsOf(step('181m'))).toEqual(['rollout.steps[1].duration: is 181m, above maxDuration, which is 3h']);
    expect(problemsOf(step('180m'))).toEqual([]);
  });

  test('refuses an entry above the most that a candidate gets', () => {
    const entering = (share: number) =>
      evaluated('blue-green', '[5]').replace(
        /rollout: .*/,
        `rollout: {policy: progressive, entryShare: ${share}, maxCandidateWeight: 10}`,
      );
    expect(problemsOf(entering(11))).toEqual(['rollout.entryShare: is 11, above maxCandidateWeight, which is 10']);
    expect(problemsOf(entering(10))).toEqual([]);
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
