import { expect, test } from 'vitest';
import { grouped } from '../../../src/synth/chart/grouped.js';

test('grouped() keeps the order of the groups, and that in each', () => {
  expect([...grouped([3, 2, 5, 4], (each) => each % 2)]).toEqual([
    [1, [3, 5]],
    [0, [2, 4]],
  ]);
});
