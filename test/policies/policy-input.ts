import type { Analysis } from '../../src/release/evaluation.js';
import type { Assessment, Outcome, Standing, Verdict } from '../../src/release/judge.js';
import type { PolicyInput, Rollout } from '../../src/release/policy.js';

const kept: Assessment = { metric: 'error-rate', classification: 'pass', value: 0, baseline: 0, limit: 0.01 };

const analysis: Analysis = {
  interval: 60,
  minDuration: 0,
  maxDuration: 3600,
  judge: 'threshold',
  objectives: [{ metric: 'error-rate', upperLimit: 0.01 }],
  rewards: [],
  minRequests: 100,
  settings: {},
};

/** Fixed steps, and every default. */
export const rollout: Rollout = {
  policy: 'steps',
  steps: [5, 20, 50].map((share) => ({ share, duration: 0, pause: false })),
  onTermination: 'to-winner',
  onInconclusive: 'hold',
};

/** Returns a verdict on v2 whose sentence is `because`. */
export function verdictOf(outcome: Outcome, more: Partial<Standing> = {}): Verdict {
  const standing: Standing = { version: 'v2', outcome, sentence: 'because', assessments: [kept], ...more };
  const winner = outcome === 'pass' ? standing.version : undefined;
  return { outcome, sentence: standing.sentence, standings: [standing], winner };
}

/** Returns what a policy knows of a release whose candidate v2 has 5 % of the requests since a minute. */
export function policyInput(outcome: Outcome, more: Partial<PolicyInput> = {}): PolicyInput {
  return {
    verdict: verdictOf(outcome),
    baseline: 'v1',
    candidates: ['v2'],
    shares: { v2: 5 },
    moves: 'shares',
    analysis,
    rollout,
    elapsed: 60,
    settled: 60,
    traffic: 10_000,
    ...more,
  };
}
