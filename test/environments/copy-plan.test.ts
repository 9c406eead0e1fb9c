import { describe, expect, test } from 'vitest';
import { copyPlan } from '../../src/environments/copy-plan.js';
import { ruleFor } from '../../src/release/route-plan.js';

describe('copyPlan()', () => {
  test('divides all copies of a rule by the percents of its mirrors', () => {
    const mirrors = [
      { version: 'v2', percent: 10 },
      { version: 'v3', percent: 20 },
    ];
    expect(copyPlan({ rules: [ruleFor('v4'), { ...ruleFor('v1'), mirrors }] })).toEqual({
      version: 'v1',
      percent: 30,
      mirrors,
      shares: [
        { version: 'v2', share: 33 },
        { version: 'v3', share: 67 },
      ],
    });
  });

  test('is undefined where nothing is copied', () => {
    expect(copyPlan({ rules: [ruleFor('v1')] })).toBeUndefined();
  });
});
