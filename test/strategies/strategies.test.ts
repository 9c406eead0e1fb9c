import { describe, expect, test } from 'vitest';
import { releaseOf, twoVersions } from '../release-of.js';

function planOf(text: string) {
  const { strategy, model } = releaseOf(text);
  return strategy.plan(model).rules;
}

describe('none', () => {
  test('plan() sends every request to the primary', () => {
    expect(planOf(twoVersions('istio', 'none'))).toMatchObject([
      { matches: [], backends: [{ version: 'v1', share: 100 }], mirrors: [] },
    ]);
  });
});

describe('blue-green', () => {
  test('plan() splits in proportion to the weights', () => {
    expect(planOf(twoVersions('istio', 'blue-green'))[0]?.backends).toEqual([
      { version: 'v1', share: 90 },
      { version: 'v2', share: 10 },
    ]);
  });

  test('plan() leaves out a version that is not routed', () => {
    const [rule] = planOf(twoVersions('istio', 'blue-green', ['routed: false']));
    expect(rule?.backends).toEqual([{ version: 'v1', share: 100 }]);
  });

  test('plan() leaves a version of weight 0 out', () => {
    const [rule] = planOf(twoVersions('istio', 'blue-green').replace('weight: 10', 'weight: 0'));
    expect(rule?.backends).toEqual([{ version: 'v1', share: 100 }]);
  });

  test('expose() takes the share from the primary, and 0 takes the candidate out', () => {
    const { strategy, model } = releaseOf(twoVersions('istio', 'blue-green'));
    expect(strategy.expose(model, { v2: 20 }).versions).toMatchObject({ v1: { weight: 80 }, v2: { weight: 20 } });
    expect(strategy.expose(model, { v2: 0 }).versions).toMatchObject({ v1: { weight: 100 }, v2: { weight: 0 } });
  });

  test('promote() gives everything to the candidate and makes it the primary', () => {
    const { strategy, model } = releaseOf(twoVersions('istio', 'blue-green'));
    expect(strategy.promote(model, 'v2')).toMatchObject({
      primary: 'v2',
      versions: { v1: { weight: 0 }, v2: { weight: 100 } },
    });
  });
});

describe('canary', () => {
  test('plan() sends unmatched requests to the primary alone', () => {
    const rules = planOf(twoVersions('istio', 'canary'));
    expect(rules.at(-1)).toMatchObject({ matches: [], backends: [{ version: 'v1', share: 100 }] });
  });

  test('plan() gives a candidate without a match the header traffic: test', () => {
    const [rule] = planOf(twoVersions('istio', 'canary'));
    expect(rule?.matches[0]?.headers).toEqual([{ name: 'traffic', match: { kind: 'exact', value: 'test' } }]);
    expect(rule?.backends).toEqual([{ version: 'v2', share: 100 }]);
  });

  test('expose() routes the candidate or not, and grant() says that it is all or nothing', () => {
    const { strategy, model } = releaseOf(twoVersions('istio', 'canary', ['routed: false']));
    expect(strategy.expose(model, { v2: 5 }).versions).toEqual({ v2: { routed: true } });
    expect([strategy.grant(5), strategy.grant(0)]).toEqual([100, 0]);
  });

  test('promote() takes the old primary out, so that no header reaches it any more', () => {
    const { strategy, model } = releaseOf(twoVersions('istio', 'canary'));
    expect(strategy.promote(model, 'v2')).toEqual({
      primary: 'v2',
      versions: { v1: { routed: false }, v2: { routed: true } },
    });
  });
});

describe('mirrored', () => {
  test('plan() lets the primary alone answer and copies the percent of the weight', () => {
    const [rule] = planOf(twoVersions('istio', 'mirrored'));
    expect(rule).toMatchObject({
      backends: [{ version: 'v1', share: 100 }],
      mirrors: [{ version: 'v2', percent: 10 }],
    });
  });

  test('plan() of the alias mirror is the same', () => {
    expect(planOf(twoVersions('istio', 'mirror'))).toEqual(planOf(twoVersions('istio', 'mirrored')));
  });

  test('plan() copies nothing at weight 0', () => {
    expect(planOf(twoVersions('istio', 'mirrored').replace('weight: 10', 'weight: 0'))[0]?.mirrors).toEqual([]);
  });
});
