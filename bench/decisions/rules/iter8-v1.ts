import { contestsOf } from '../../../src/judges/bayesian/contest.js';
import { evidenceOf } from '../../../src/judges/bayesian/evidence.js';
import { ranksOf } from '../../../src/judges/bayesian/ranks.js';
import type { LedgerRow } from '../../../src/release/evaluation.js';
import { candidate, primary } from '../../../src/simulate/stage.js';
import { enterWith, fileAt, type Rule } from './rule.js';

/** Of 30 s there are two iterations in a window; together they add at most this to the share. */
const INCREMENT = 2 * 2;
const MINUTES = 100 / 2;
const WINNER = 0.99;
const EXPLORATION = 0.1;

const types = fileAt({
  repository: 'iter8-tools/iter8-controller',
  commit: '7c32cc88e1e4f8b5d0f315f2f01106cea36c3189',
  path: 'pkg/apis/iter8/v1alpha2/experiment_types.go',
});

/** An Experiment of v1alpha2 with its defaults, and the limits of its reference page. */
export const iter8v1 = {
  id: 'iter8-v1',
  name: 'Iter8 v1',
  text: 'the share follows the probability that the candidate keeps an error rate of 5 % and 1.6 times the mean latency, by at most 2 % an iteration; after 100 iterations of 30 s it is promoted if that is above 99 %',
  source: `Iter8, Experiment CRD v1alpha2 (progressive, interval 30s, maxIterations 100, maxIncrement 2, to_winner): ${types}; limits of the example in its reference`,
  player: () => {
    let share = INCREMENT;
    return enterWith(share, (rows) => {
      const wins = winsOf(rows);
      if (rows.length >= MINUTES) return (wins ?? 0) > WINNER ? 'promote' : 'roll back';
      const target = Math.round(100 * ((1 - EXPLORATION) * (wins ?? 0.5) + EXPLORATION / 2));
      share = Math.min(target, share + INCREMENT);
      return share;
    });
  },
} as const satisfies Rule;

const versions = [primary, candidate];

/**
 * Returns the probability that it is the best version, as the judge bayesian computes it, without what that adds for many
 * looks; undefined while nothing is known.
 */
function winsOf(rows: readonly LedgerRow[]): number | undefined {
  const input = {
    ledger: { interval: 60, rows },
    ...{ baseline: primary, candidates: [candidate], comparable: true },
    objectives: [
      { metric: 'error-rate', upperLimit: 0.05 },
      { metric: 'latency-mean', maxRatio: 1.6 },
    ],
    ...{ rewards: [], minRequests: 0, settings: {} },
  };
  const contests = contestsOf(input, evidenceOf(input), versions);
  return contests && ranksOf({ versions, contests }).get(candidate)?.[0];
}
