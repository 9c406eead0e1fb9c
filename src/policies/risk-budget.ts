import type { Exposure } from '../release/judge.js';
import type { Policy, PolicyInput, Rollout } from '../release/policy.js';
import { conclude, takingPart, type Wish } from './conclude.js';

/**
 * Percents that a share w moves on, so that commits stay few. A window costs as w and tells as w·(1 − w): 50 % would cost
 * half as much more than 35 % and tell a tenth more.
 */
const LADDER = [1, 2, 5, 10, 20, 35] as const;
const MOST = 35;

/** Several candidates leave half of the requests to the baseline that all of them are compared with. */
const MOST_TOGETHER = 50;

/** The budget: this many bad requests, or this part of what a window holds before the release, whichever is more. */
const LEAST_BUDGET = 30;
const PART_OF_TRAFFIC = 0.1;

/** How much of the budget one window may spend, and how many times a share may grow at once. */
const PART_OF_BUDGET = 0.2;
const GROWTH = 2.5;

/** Twice the requests are worth it where they take at most this part of the time. */
const GAIN = 0.8;

/**
 * A candidate may cost so many bad requests beyond the baseline's: B = max(30, 0.1·N), with N requests in a window. Its
 * share is such that one window more spends at most a fifth of what is left of them, were it as bad as is not excluded yet:
 *
 *     w' = min(0.2·B_left / (N·u), 2.5·w), from 1 % to 35 %, down to the next rung of 1, 2, 5, 10, 20, 35
 *
 * u is `Exposure.atMost`; B_left is B less `Exposure.excess`. With u = 1 that is the entry share. Several candidates
 * divide B_left evenly, and have 50 % together. Derived for this project; simulated in bench/decisions (decision 23).
 */
export const riskBudget = {
  id: 'risk-budget',
  reads: ['entryShare'],
  entryShare: ({ entryShare }, traffic) => entryShare ?? rungOf(affordable(budgetOf(traffic ?? 0), traffic, 1)),
  reaches,
  decide: (input) => conclude(input, ramp),
} as const satisfies Policy;

function reaches({ entryShare }: Rollout): readonly number[] {
  return [...new Set([...LADDER, ...(entryShare === undefined ? [] : [entryShare])])].sort((a, b) => a - b);
}

/** Without the traffic before the release nobody knows what a share would cost: the shares stay what they are. */
function ramp(input: PolicyInput): Wish | undefined {
  const { verdict, traffic, moves, candidates } = input;
  if (traffic === undefined) return undefined;
  const budget = budgetOf(traffic);
  const spent = verdict.standings.reduce((sum, { exposure }) => sum + (exposure?.excess ?? 0), 0);
  const ramping = takingPart(input);
  const part = Math.max(0, budget - spent) / ramping.length;
  const most = Math.min(MOST, moves === 'shares' ? MOST_TOGETHER / ramping.length : MOST, input.most ?? MOST);
  const next = candidates.map((candidate) => [candidate, shareOf(input, candidate, { part, most })] as const);
  const because = `the risk budget allows ${allowed(next)}: ${count(spent)} of ${count(budget)} bad requests are spent`;
  return { shares: Object.fromEntries(next), because };
}

/** Who gets it must be said only where there are several. */
function allowed(shares: readonly (readonly [candidate: string, share: number])[]): string {
  const given = shares.filter(([, share]) => share > 0);
  return given.map(([candidate, share]) => `${shares.length > 1 ? `${candidate} ` : ''}${share} %`).join(', ');
}

/** A share off the ladder, as a person chose it, stays as long as its rung does; and so does none at all. */
function shareOf(
  input: PolicyInput,
  candidate: string,
  { part, most }: { readonly part: number; readonly most: number },
): number {
  const { verdict, shares, traffic } = input;
  const now = shares[candidate] ?? 0;
  const exposure = verdict.standings.find(({ version }) => version === candidate)?.exposure;
  const growth = exposure !== undefined && isWorthMore(exposure, input) ? GROWTH : 1;
  const wanted = exposure === undefined ? now : Math.min(affordable(part, traffic, exposure.atMost), growth * now);
  const rung = rungOf(Math.min(wanted, most));
  return rung === rungOf(now) && now <= most ? now : rung;
}

/**
 * Whether more requests bring a decision sooner. A good candidate that is expected to pass by `minDuration` as it is gains
 * nothing, and neither does one whose pods differ so much that a window tells no more however many requests it has; a bad
 * one would only cost more.
 */
function isWorthMore({ pace }: Exposure, { analysis, elapsed }: PolicyInput): boolean {
  if (pace === undefined) return true;
  const { interval, minDuration } = analysis;
  if (pace.now * interval <= minDuration && elapsed < minDuration) return false;
  return pace.doubled <= GAIN * pace.now;
}

function budgetOf(traffic: number): number {
  return Math.max(LEAST_BUDGET, PART_OF_TRAFFIC * traffic);
}

/** Returns the percent at which one window spends its part of the budget at most; with unknown traffic the smallest. */
function affordable(budget: number, traffic: number | undefined, atMost: number): number {
  if (traffic === undefined) return LADDER[0];
  const worst = traffic * atMost;
  return worst > 0 ? (100 * PART_OF_BUDGET * budget) / worst : MOST;
}

/** Rounding may not cost a rung: 0.2 · (0.1 · N) / N is 2 %. */
function rungOf(percent: number): number {
  return LADDER.findLast((rung) => rung <= percent + 1e-9) ?? LADDER[0];
}

function count(requests: number): string {
  return Math.round(requests).toLocaleString('en');
}
