import type { Outcome, Standing } from '../../release/judge.js';
import { shortOf } from '../words.js';
import { assess, type Finding, isBroken } from './assess.js';
import { type Look, lookAt, type OneInput, sharedOf, shortIn } from './look.js';
import { evidence, listOf } from './words.js';

/**
 * Judges the windows in which all versions had traffic, so that like is compared with like: all together, then the
 * newest ones alone that hold `minRequests`, so that a long good past hides no bad present; and the candidate alone in
 * all its windows, held to its absolute limits.
 */
export function standingOfAll(input: OneInput): Standing {
  const { candidate, objectives, minRequests } = input;
  const shared = sharedOf(input);
  const bad = breach(shared, input) ?? breach(newestOf(shared, input), input) ?? breachAlone(input);
  if (bad !== undefined) {
    const sentence = `${candidate} breaks ${listOf(bad.findings.filter(isBroken))}; ${evidence(bad.look, input)}`;
    return standing(candidate, 'fail', { sentence, findings: bad.findings });
  }
  const findings = assess(objectives, shared);
  const short = shortIn(shared, input);
  const obstacle = findings.find(({ reason }) => reason !== undefined);
  if (short !== undefined) {
    const sentence = shortOf(short.version, short.had, minRequests);
    return standing(candidate, 'inconclusive', { sentence, findings });
  }
  if (obstacle !== undefined) {
    return standing(candidate, 'inconclusive', { sentence: `${candidate} ${obstacle.reason}`, findings });
  }
  const sentence = `${candidate} keeps ${listOf(findings)}; ${evidence(shared, input)}`;
  return standing(candidate, 'pass', { sentence, findings });
}

/** Returns a standing of what was found. */
export function standing(
  version: string,
  outcome: Outcome,
  { sentence, findings }: { readonly sentence: string; readonly findings: readonly Finding[] },
): Standing {
  return { version, outcome, sentence, assessments: findings.map(({ assessment }) => assessment) };
}

/** The windows and what they show, where they hold enough requests and break a limit. */
function breach(look: Look, input: OneInput) {
  if (shortIn(look, input) !== undefined) return undefined;
  const findings = assess(input.objectives, look);
  return findings.some(isBroken) ? { look, findings } : undefined;
}

function breachAlone(input: OneInput) {
  const alone = { ...input, comparable: false };
  return breach(lookAt(alone), alone);
}

/** The newest windows in which all versions have enough requests; all of them where they never have. */
function newestOf(look: Look, { minRequests }: OneInput): Look {
  const missing = { baseline: minRequests, candidate: minRequests };
  for (let from = look.length - 1; from > 0; from -= 1) {
    missing.candidate -= look[from]?.candidate.requests ?? 0;
    missing.baseline -= look[from]?.baseline?.requests ?? minRequests;
    if (missing.candidate <= 0 && missing.baseline <= 0) return look.slice(from);
  }
  return look;
}
