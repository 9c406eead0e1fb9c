import type { JudgeInput, Outcome, Standing, Verdict } from '../release/judge.js';
import { assertInput } from './assert-input.js';

/**
 * Judges every candidate by itself. A later candidate that passes outranks an earlier one: it is the newer one.
 *
 * @param judgeOne returns where one candidate stands beside the baseline
 * @throws InternalError for numbers that cannot be; see assertInput()
 */
export function judgeEach(input: JudgeInput, judgeOne: (input: JudgeInput, candidate: string) => Standing): Verdict {
  assertInput(input);
  const standings = input.candidates.map((candidate) => judgeOne(input, candidate));
  const winner = standings.findLast(({ outcome }) => outcome === 'pass')?.version;
  return { outcome: outcomeOf(standings), sentence: sentenceOf(standings, winner), standings, winner };
}

/** Returns the outcome on the whole: one winner is enough, and only when all have failed nothing is left. */
export function outcomeOf(standings: readonly Standing[]): Outcome {
  const outcomes = new Set(standings.map(({ outcome }) => outcome));
  if (outcomes.has('pass')) return 'pass';
  if (outcomes.size === 1 && outcomes.has('fail')) return 'fail';
  return outcomes.has('inconclusive') ? 'inconclusive' : 'marginal';
}

/** The winner's own sentence says all; without a winner every candidate is told of. */
function sentenceOf(standings: readonly Standing[], winner: string | undefined): string {
  const told = winner === undefined ? standings : standings.filter(({ version }) => version === winner);
  return told.map(({ sentence }) => sentence).join('; ');
}
