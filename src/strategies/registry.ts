import type { Strategy } from '../release/strategy.js';
import { blueGreen } from './blue-green.js';
import { canary } from './canary.js';
import { mirrored } from './mirrored.js';
import { none } from './none.js';

/** Every strategy by its id; adding one is a file and a line here. */
export const strategies = {
  none,
  'blue-green': blueGreen,
  canary,
  mirrored,
} as const satisfies Record<string, Strategy>;

/** The id of a strategy. */
export type StrategyId = keyof typeof strategies;
