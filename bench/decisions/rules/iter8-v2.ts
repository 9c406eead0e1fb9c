import { assess } from '../../../src/judges/threshold/assess.js';
import { isSample, type LedgerRow } from '../../../src/release/evaluation.js';
import { candidate } from '../../../src/simulate/stage.js';
import { enterWith, fileAt, type Rule } from './rule.js';

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

const defaults = fileAt({
  repository: 'iter8-tools/etc3',
  commit: '093e7a170cda3ad7c50d6e6f3def6503bb27db6e',
  path: 'api/v2alpha1/defaults.go',
});
const quickStart = fileAt({
  repository: 'iter8-tools/iter8',
  commit: '13508b101d31b4e96822125539c079e575e1e696',
  path: 'mkdocs/docs/getting-started/quick-start/istio/tutorial.md',
});

/** An Experiment of v2alpha1 with its defaults, and limits as those of the quick start. */
export const iter8v2 = {
  id: 'iter8-v2',
  name: 'Iter8 v2',
  text: 'while the mean of all requests so far is at most 75 ms and 1 % errors the share grows by 10 % an iteration, else it is 5 %; after 15 iterations of 20 s it is promoted if that holds then',
  source: `Iter8 v2alpha1 (intervalSeconds 20, maxIterations 15, maxCandidateWeightIncrement 10): ${defaults}; 1 % as in ${quickStart}, whose 100 ms for another service are 75 here`,
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
