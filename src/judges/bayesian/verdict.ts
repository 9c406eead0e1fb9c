import type { JudgeInput, Verdict } from '../../release/judge.js';
import { lookQuantile } from '../../stats/look-level.js';
import { assertInput } from '../assert-input.js';
import { outcomeOf } from '../judge-each.js';
import { count } from '../words.js';
import { baselineKeeps, contestsOf, type Rivalry, rivalryOf } from './contest.js';
import { type Evidence, evidenceOf } from './evidence.js';
import { ranksOf } from './ranks.js';
import { type Saying, sentenceOf, standingOf } from './saying.js';
import { type Look, lookAt, rewardOf, settingsOf } from './standing.js';
import { listOf, moreRequests, percent } from './words.js';

/**
 * Judges all candidates and finds the best version; see `bayesian`.
 *
 * @throws InternalError for numbers that cannot be
 */
export function verdictOf(input: JudgeInput): Verdict {
  assertInput(input);
  const evidence = evidenceOf(input);
  const looks = input.candidates.map((candidate) => lookAt(input, evidence, candidate));
  const keeps = baselineKeeps(input, evidence);
  const rivalries = new Map(looks.map(({ trial }) => [trial.candidate, rivalriesOf(input, looks, trial.candidate)]));
  const situation = { input, evidence, looks, keeps, rivalries };
  const ranks = ranksIn(situation);
  const winner = winnerOf(situation, ranks);
  const sayings = looks.map((look) => sayOf(look, { ...situation, ranks, winner }));
  const standings = sayings.map((saying) => standingOf(input, saying));
  const { winner: sure, feasible } = settingsOf(input);
  const outcome = outcomeOf(standings);
  const failed = outcome === 'fail';
  const stays = outcome === 'marginal' || (failed && keeps > sure);
  const told = winner === undefined ? sayings : sayings.filter(({ look }) => look.trial.candidate === winner);
  const nobody = failed && keeps < feasible ? `; ${input.baseline} does not keep the limits either` : '';
  return {
    outcome,
    sentence: `${sentenceOf(input, told)}${nobody}`,
    standings,
    winner: winner ?? (stays ? input.baseline : undefined),
    ranks: ranks && Object.fromEntries(ranks),
  };
}

interface Situation {
  readonly input: JudgeInput;
  readonly evidence: Evidence;
  readonly looks: readonly Look[];
  /** The probability that the baseline keeps the absolute limits. */
  readonly keeps: number;
  readonly rivalries: ReadonlyMap<string, readonly Rivalry[]>;
}

function rivalriesOf(input: JudgeInput, looks: readonly Look[], candidate: string): Rivalry[] {
  const own = looks.find(({ trial, state }) => trial.candidate === candidate && state === 'open');
  if (own === undefined) return [];
  const others = looks.filter(({ trial, state }) => trial.candidate !== candidate && state === 'open');
  const rivals = [input.baseline, ...others.map(({ trial }) => trial.candidate)];
  return rivals.flatMap((rival) => rivalryOf(own.trial, rival, input) ?? []);
}

/** Whoever failed or cannot be compared comes last; undefined where nobody can. */
function ranksIn({ input, evidence, looks }: Situation): Map<string, number[]> | undefined {
  const open = looks.filter(({ state }) => state === 'open').map(({ trial }) => trial.candidate);
  const versions = [input.baseline, ...open];
  const contests = contestsOf(input, evidence, versions);
  if (open.length === 0 || contests === undefined) return undefined;
  const ranks = ranksOf({ versions, contests });
  const last = input.candidates.filter((name) => !open.includes(name));
  const all = versions.length + last.length;
  const padded = versions.map((name) => {
    const known = ranks.get(name) ?? [];
    return [name, Array.from({ length: all }, (_, i) => known[i] ?? 1)] as const;
  });
  const rest = last.map((name, at) => {
    return [name, Array.from({ length: all }, (_, i) => (i < versions.length + at ? 0 : 1))] as const;
  });
  return new Map([...padded, ...rest]);
}

/** No winner before all candidates can be compared: the one that is missing might be better. */
function winnerOf(situation: Situation, ranks: Map<string, number[]> | undefined): string | undefined {
  const { looks, keeps, rivalries, input } = situation;
  if (ranks === undefined || looks.some(({ state }) => state === 'waiting')) return undefined;
  const winners = looks.filter(({ trial, findings, state }) => {
    const win = ranks.get(trial.candidate)?.[0] ?? 0;
    const beaten = (rivalries.get(trial.candidate) ?? []).every(({ rival, state: found }) => {
      return found === 'better' || (rival === input.baseline && keeps < trial.feasible);
    });
    return state === 'open' && win > trial.winner && findings.every((each) => each.state === 'kept') && beaten;
  });
  return winners[0]?.trial.candidate;
}

interface Judged extends Situation {
  readonly ranks: Map<string, number[]> | undefined;
  readonly winner: string | undefined;
}

function sayOf(look: Look, judged: Judged): Saying {
  const { input, keeps, winner } = judged;
  const { candidate } = look.trial;
  const say = (outcome: Saying['outcome'], text: string, rests = true): Saying => ({ look, outcome, text, rests });
  if (look.state === 'failed') return say('fail', look.reason);
  if (look.state === 'waiting') return say('inconclusive', look.reason, false);
  if (candidate === winner) return say('pass', wonBy(look, judged));
  const rivalries = judged.rivalries.get(candidate) ?? [];
  const lost = rivalries.find(({ rival, state }) => state === 'worse' && rival === input.baseline);
  if (lost !== undefined && keeps >= 0.5) {
    const better = `${input.baseline} has the better ${rewardOf(input)?.metric} than ${candidate}`;
    return say('marginal', `${better}: ${percent(1 - lost.better)} sure`);
  }
  if (winner !== undefined) return say('marginal', `${candidate} is not ${titleOf(input)}: ${winner} is`, false);
  return say('inconclusive', undecided(look, rivalries, judged));
}

/** Returns what the winner has won by, and the objectives that hold with how sure that is. */
function wonBy({ trial, findings }: Look, { input, ranks }: Judged): string {
  const { candidate } = trial;
  const sure = rewardOf(input) === undefined ? '' : ` with ${percent(ranks?.get(candidate)?.[0] ?? 0)}`;
  const alone = input.candidates.length === 1 && sure === '';
  const won = alone ? `${candidate} keeps everything` : `${candidate} is ${titleOf(input)}${sure}`;
  return findings.length === 0 ? won : `${won}: ${listOf(findings)}`;
}

/** Without a reward nothing makes one version better than another that keeps everything, but that it is newer. */
function titleOf(input: JudgeInput): string {
  return rewardOf(input) === undefined ? 'the newest that keeps everything' : 'the best';
}

/** Says what is open, and how many more requests that takes. */
function undecided({ trial, findings }: Look, rivalries: readonly Rivalry[], { input }: Judged): string {
  const { candidate, requests, alpha } = trial;
  const open = findings.filter(({ state }) => state !== 'kept');
  const [first] = open;
  if (first !== undefined) {
    const missing = (input.objectives.find(({ metric }) => metric === 'request-count')?.lowerLimit ?? 0) - requests;
    const needed = lookQuantile(alpha.kept, Math.max(1, first.windows));
    const more =
      first.assessment.metric === 'request-count'
        ? `${count(missing)} more requests are asked for`
        : moreRequests(first.assessment.probability ?? 0.5, { requests, needed });
    return `${candidate} is not decided: ${listOf(open)}; ${more}`;
  }
  const rival = rivalries.find(({ state }) => state !== 'better');
  if (rival === undefined) return `${candidate} keeps ${listOf(findings)}, but another candidate is not decided`;
  const than = `${rewardOf(input)?.metric} is better than that of ${rival.rival}: ${percent(rival.better)} sure`;
  return `${candidate} is not decided: its ${than}; ${moreRequests(rival.better, { requests, needed: rival.needed })}`;
}
