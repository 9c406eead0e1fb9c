import type { Outcome, Standing, Verdict } from '../../src/release/judge.js';
import type { PolicyInput, Shares } from '../../src/release/policy.js';
import { policyInput } from './policy-input.js';

/** What a test says of one candidate; the rest is as a judge that keeps every objective would have it. */
export type Said = Pick<Standing, 'outcome'> & Partial<Standing>;

/** Returns the verdict on several candidates, the later one that passes outranking the earlier. */
export function verdictOn(said: { readonly [version: string]: Said }, more: Partial<Verdict> = {}): Verdict {
  const standings = Object.entries(said).map(([version, each]) => {
    return { version, sentence: `${version} ${each.outcome}`, assessments: [], ...each };
  });
  const winner = standings.findLast(({ outcome }) => outcome === 'pass')?.version;
  return { outcome: wholeOf(standings), sentence: 'because', standings, winner, ...more };
}

/** Returns what a policy knows of several candidates; by default each has 5 % since long. */
export function inputOn(verdict: Verdict, more: Partial<PolicyInput> = {}): PolicyInput {
  const candidates = verdict.standings.map(({ version }) => version);
  const shares: Shares = Object.fromEntries(candidates.map((candidate) => [candidate, 5]));
  return policyInput(verdict.outcome, { verdict, candidates, shares, settled: 1e6, ...more });
}

function wholeOf(standings: readonly Standing[]): Outcome {
  const outcomes = standings.map(({ outcome }) => outcome);
  if (outcomes.includes('pass')) return 'pass';
  if (outcomes.every((outcome) => outcome === 'fail')) return 'fail';
  return outcomes.includes('inconclusive') ? 'inconclusive' : 'marginal';
}
