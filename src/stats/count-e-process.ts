import { type Bets, type Bound, type CountRow, harmBets, logGain, nonInferiorityBets, termsOf } from './count-bet.js';
import { LateOnset } from './late-onset.js';
import { logSumExp } from './log-sum-exp.js';
import { type Noise, PodNoise } from './pod-noise.js';

/** What is tested. */
export interface CountTest extends Noise {
  /** Against "p_T is at most this in every window". */
  readonly harm: Bound;
  /** Against "p_T is at least this in every window". */
  readonly nonInferiority: Bound;
}

/** Natural logarithms of the e-values after every row; a row without evidence repeats the one before it, or 0. */
export interface CountEvidence {
  readonly harm: Float64Array;
  readonly nonInferiority: Float64Array;
}

/** Which bets are mixed. */
export interface BetOptions extends Noise {
  readonly bets: Bets;
}

/** Returns the evidence of counts after every window; it holds however often it is looked at. See `logGain`. */
export function countEProcess(rows: readonly CountRow[], test: CountTest): CountEvidence {
  const { harm, nonInferiority, overdispersion, autocorrelation } = test;
  const noise = { overdispersion, autocorrelation };
  return {
    harm: onsetEvidence(rows, harm, { bets: harmBets, ...noise }),
    nonInferiority: steadyEvidence(rows, nonInferiority, { bets: nonInferiorityBets, ...noise }),
  };
}

/** Returns ln E after every window, whenever what the bets are on began. */
export function onsetEvidence(rows: readonly CountRow[], bound: Bound, options: BetOptions): Float64Array {
  const { size, values, logs, weights } = options.bets;
  const onset = new LateOnset(weights);
  const noise = noiseOf(bound, options);
  return evidence(rows, (row) => {
    const expected = noise.next(row);
    const terms = termsOf(row, expected.bound, expected.overdispersion);
    if (terms === undefined) return undefined;
    onset.open();
    for (let j = 0; j < size; j += 1) onset.bet(j, logGain(terms, values[j] as number, logs[j] as number));
    return onset.logE();
  });
}

/** Returns ln E after every window of bets that all began with the first. */
export function steadyEvidence(rows: readonly CountRow[], bound: Bound, options: BetOptions): Float64Array {
  const gains = new Float64Array(options.bets.size);
  const noise = noiseOf(bound, options);
  return evidence(rows, (row) => {
    return addGains(gains, row, { bets: options.bets, noise }) ? mixtureOf(gains, options.bets) : undefined;
  });
}

/** Returns what each bet has won on all rows, as natural logarithms. */
export function gainsOf(rows: readonly CountRow[], bound: Bound, options: BetOptions): Float64Array {
  const gains = new Float64Array(options.bets.size);
  const noise = noiseOf(bound, options);
  for (const row of rows) addGains(gains, row, { bets: options.bets, noise });
  return gains;
}

/** Bets that the treatment is worse are all above 1, those that it is not below. */
function noiseOf(bound: Bound, { bets, ...noise }: BetOptions): PodNoise {
  return new PodNoise(bound, noise, (bets.values[0] ?? 1) > 1 ? 1 : -1);
}

/** Returns ln E of bets that have won this; `times` as much if given, as when as many rows again go on like that. */
export function mixtureOf(gains: Float64Array, { size, logWeights }: Bets, times = 1): number {
  const worth = new Float64Array(size);
  for (let j = 0; j < size; j += 1) worth[j] = times * (gains[j] as number) + (logWeights[j] as number);
  return logSumExp(worth);
}

function evidence(rows: readonly CountRow[], look: (row: CountRow) => number | undefined): Float64Array {
  const logE = new Float64Array(rows.length);
  let now = 0;
  rows.forEach((row, t) => {
    now = look(row) ?? now;
    logE[t] = now;
  });
  return logE;
}

/** Whether the row carries evidence. */
function addGains(
  gains: Float64Array,
  row: CountRow,
  { bets: { size, values, logs }, noise }: { readonly bets: Bets; readonly noise: PodNoise },
): boolean {
  const { bound, overdispersion } = noise.next(row);
  const terms = termsOf(row, bound, overdispersion);
  if (terms === undefined) return false;
  for (let j = 0; j < size; j += 1) {
    gains[j] = (gains[j] as number) + logGain(terms, values[j] as number, logs[j] as number);
  }
  return true;
}
