import { isSample } from '../../src/release/evaluation.js';
import type { Assessment, Judge, JudgeInput, Outcome, Refusal, Standing, Verdict } from '../../src/release/judge.js';

/** One error fails; a pass takes `minRequests` answers without one. Looks at every candidate alone. */
export const errorFree = {
  id: 'error-free',
  windows: 'analysis',
  refuses,
  load: async () => verdictOf,
} as const satisfies Judge;

function refuses({ metric, upperLimit }: JudgeInput['objectives'][number]): Refusal | undefined {
  if (metric === 'error-rate' && upperLimit === 0) return undefined;
  return {
    message: 'is for error-free, which knows no limit but 0 errors',
    hint: 'Give error-rate an upperLimit of 0.',
  };
}

function verdictOf(input: JudgeInput): Verdict {
  const standings = input.candidates.map((candidate) => standingOf(input, candidate));
  const winner = standings.findLast(({ outcome }) => outcome === 'pass')?.version;
  const sentence = standings.map((standing) => standing.sentence).join('; ');
  return { outcome: outcomeOf(standings), sentence, standings, winner };
}

function standingOf({ ledger, minRequests }: JudgeInput, version: string): Standing {
  const samples = ledger.rows.map(({ versions }) => versions[version]).filter(isSample);
  const requests = samples.reduce((sum, sample) => sum + sample.requests, 0);
  const errors = samples.reduce((sum, sample) => sum + sample.errors, 0);
  const standing = (outcome: Outcome, sentence: string, classification: Assessment['classification']): Standing => {
    const value = requests > 0 ? errors / requests : undefined;
    const assessments = [{ metric: 'error-rate', classification, value, baseline: undefined, limit: 0 }];
    return { version, outcome, sentence: `${version} ${sentence}`, assessments };
  };

  if (errors > 0) return standing('fail', `answered ${errors} of ${requests} requests with an error`, 'high');
  const missing = minRequests - requests;
  if (missing > 0) return standing('inconclusive', `needs ${missing} more requests of ${minRequests}`, 'nodata');
  return standing('pass', `answered ${requests} requests without an error`, 'pass');
}

/** One winner is enough; only when all have failed nothing is left. */
function outcomeOf(standings: readonly Standing[]): Outcome {
  if (standings.some(({ outcome }) => outcome === 'pass')) return 'pass';
  return standings.every(({ outcome }) => outcome === 'fail') ? 'fail' : 'inconclusive';
}
