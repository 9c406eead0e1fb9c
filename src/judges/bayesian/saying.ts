import type { JudgeInput, Outcome, Standing } from '../../release/judge.js';
import { requestsIn } from '../measure.js';
import { absent, type Look } from './standing.js';
import { describeGround } from './words.js';

/** What is concluded of one candidate. */
export interface Saying {
  readonly look: Look;
  readonly outcome: Outcome;
  readonly text: string;
  /** Whether that rests on the requests of all windows, which are then told. */
  readonly rests: boolean;
}

/** Returns the standing of one candidate, with a sentence of its own. */
export function standingOf(input: JudgeInput, saying: Saying): Standing {
  const { look, outcome } = saying;
  const assessments = look.findings.map(({ assessment }) => assessment);
  return { version: look.trial.candidate, outcome, sentence: sentenceOf(input, [saying]), assessments };
}

/** Returns one sentence on several candidates; what is the same for all of them is said once. */
export function sentenceOf(input: JudgeInput, sayings: readonly Saying[]): string {
  const lacking = sayings
    .filter(({ look: { state, trial } }) => state === 'waiting' && absent(input, [trial.candidate]) !== undefined)
    .map(({ look }) => look.trial.candidate);
  const missing = absent(input, lacking);
  const texts = sayings.map(({ look, text }) => (lacking.includes(look.trial.candidate) ? (missing ?? text) : text));
  return [...new Set(texts), ...groundOf(input, sayings)].join('; ');
}

function groundOf(input: JudgeInput, sayings: readonly Saying[]): string[] {
  const resting = sayings.filter(({ rests }) => rests).map(({ look }) => look.trial.candidate);
  if (resting.length === 0) return [];
  const requests = new Map(resting.map((name) => [name, requestsIn(input.ledger.rows, name)]));
  const baseline = { name: input.baseline, requests: requestsIn(input.ledger.rows, input.baseline) };
  const named = sayings.length > 1;
  return [describeGround({ requests, baseline: input.comparable ? baseline : undefined, named })];
}
