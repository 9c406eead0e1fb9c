import { assess } from '../../../src/judges/threshold/assess.js';
import { isSample, type LedgerRow } from '../../../src/release/evaluation.js';
import { candidate } from '../../../src/simulate/stage.js';
import { enterWith, type Rule } from './rule.js';

/** Of 20 s there are three iterations in a window; together they add at most this to the share. */
const INCREMENT = 3 * 10;
const MINUTES = 15 / 3;
/** 0.1/n of two versions, and all of the rest. */
const LEAST = 5;
const MOST = 95;

const objectives = [
  { metric: 'latency-mean', upperLimit: 75 },
  { metric: 'error-rate', upperLimit: 0.01 },
];

/** An Experiment of v2alpha1 with its defaults, and the limits of the quick start. */
export const iter8v2 = {
  id: 'iter8-v2',
  name: 'Iter8 v2',
  text: 'while the mean of all requests so far is at most 75 ms and 1 % errors the share grows by 10 % an iteration, else it is 5 %; after 15 iterations of 20 s it is promoted if that holds then',
  source:
    'Iter8 v2alpha1 (intervalSeconds 20, maxIterations 15, maxCandidateWeightIncrement 10), Quick Start with Istio (limits)',
  player: () => {
    let share = LEAST;
    return enterWith(share, (rows) => {
      const keeps = isKept(rows);
      if (rows.length >= MINUTES) return keeps ? 'promote' : 'roll back';
      share = keeps ? Math.min(MOST, share + INCREMENT) : LEAST;
      return share;
    });
  },
} as const satisfies Rule;

/** As the judge threshold assesses its windows, all together. */
function isKept(rows: readonly LedgerRow[]): boolean {
  const look = rows.flatMap(({ versions: { [candidate]: entry } }) =>
    isSample(entry) ? [{ candidate: entry, baseline: undefined }] : [],
  );
  return assess(objectives, look).every(({ assessment }) => assessment.classification === 'pass');
}
