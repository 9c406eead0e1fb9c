import { isSample } from '../../release/evaluation.js';
import type { JudgeInput } from '../../release/judge.js';
import { requestsIn } from '../measure.js';
import { missingIn, shortOf } from '../words.js';
import type { Evidence } from './evidence.js';
import { type Finding, find, type Trial, tells } from './finding.js';
import { betterThan, limitsOf } from './limits.js';
import { listOf } from './words.js';

/** Where a candidate stands before it is compared with the others. */
export interface Look {
  readonly trial: Trial;
  readonly findings: readonly Finding[];
  /** `open`: it has what it takes to be compared. */
  readonly state: 'failed' | 'waiting' | 'open';
  /** Why it failed or waits. */
  readonly reason: string;
}

/** Returns what the objectives and the data say of one candidate by itself. */
export function lookAt(input: JudgeInput, evidence: Evidence, candidate: string): Look {
  const trial = trialOf(input, evidence, candidate);
  const findings = input.objectives.map((objective) => find(trial, objective));
  const short = shortIn(input, candidate);
  const broken = findings.filter(({ state }) => state === 'broken');
  if (broken.length > 0 && short === undefined) {
    return { trial, findings, state: 'failed', reason: `${candidate} breaks ${listOf(broken)}` };
  }
  const reason = absent(input, [candidate]) ?? short ?? untold(input, trial, findings);
  return { trial, findings, state: reason === undefined ? 'open' : 'waiting', reason: reason ?? '' };
}

/** Returns the settings with their defaults. */
export function settingsOf({ settings }: Pick<JudgeInput, 'settings'>): { winner: number; feasible: number } {
  const { winner = 0.99, feasible = 0.01 } = settings.bayesian ?? {};
  return { winner, feasible };
}

/** The chances of a wrong conclusion are shared out over all limits and candidates. */
function trialOf(input: JudgeInput, evidence: Evidence, candidate: string): Trial {
  const { baseline, candidates, comparable, objectives } = input;
  const { winner, feasible } = settingsOf(input);
  const limits = objectives.reduce((sum, objective) => sum + limitsOf(objective, comparable).length, 0);
  const checks = Math.max(1, limits + (rewardOf(input) === undefined ? 0 : 1));
  const alpha = { broken: feasible / candidates.length / checks, kept: (1 - winner) / candidates.length };
  const requests = requestsIn(input.ledger.rows, candidate);
  return { evidence, baseline, candidate, comparable, requests, feasible, winner, alpha };
}

/** The first reward decides: two values are never equal, so that none is left to the second. */
export function rewardOf({ comparable, rewards }: JudgeInput): JudgeInput['rewards'][number] | undefined {
  return comparable ? rewards[0] : undefined;
}

function shortIn(input: JudgeInput, candidate: string): string | undefined {
  const names = input.comparable ? [input.baseline, candidate] : [candidate];
  const short = names.find((name) => requestsIn(input.ledger.rows, name) < input.minRequests);
  return short && shortOf(short, requestsIn(input.ledger.rows, short), input.minRequests);
}

/**
 * Returns who has no data in the newest window, of the candidates and whom they are compared with; undefined where all
 * have: nothing passes without it, since whoever answers no more is no winner.
 */
export function absent(input: JudgeInput, candidates: readonly string[]): string | undefined {
  const newest = input.ledger.rows.at(-1);
  const names = input.comparable ? [input.baseline, ...candidates] : candidates;
  return names.every((name) => isSample(newest?.versions[name])) ? undefined : missingIn(newest, names);
}

function untold(input: JudgeInput, trial: Trial, findings: readonly Finding[]): string | undefined {
  const reward = rewardOf(input);
  const isKnown = (metric: string) => trial.evidence.kindOf(metric) !== undefined;
  if (reward !== undefined && !isKnown(reward.metric)) return `${reward.metric} cannot be a reward`;
  const percentile = input.objectives.find(({ metric }) => metric !== 'request-count' && !isKnown(metric))?.metric;
  if (percentile !== undefined) return `${percentile} is a percentile, of which bayesian knows no posterior`;
  const unknown = findings.filter(({ state }) => state === 'unknown').map(({ assessment }) => assessment.metric);
  const rewarded = reward === undefined || tells(trial, reward.metric, [betterThan(reward)]) ? [] : [reward.metric];
  const all = [...new Set([...unknown, ...rewarded])];
  if (all.length > 0) return `the windows do not tell how exact ${all.join(' and ')} is`;
  return findings.length === 0 && reward === undefined ? 'there is no objective to judge by' : undefined;
}
