import { isSample, type Objective, type Reward } from '../../release/evaluation.js';
import type { JudgeInput, Outcome, Standing, Verdict } from '../../release/judge.js';
import { judgeEach } from '../judge-each.js';
import { measure, tells } from '../measure.js';
import { showAll } from '../words.js';
import { exceeds } from './exceeds.js';
import { standingOf } from './standing.js';

/**
 * Judges all candidates and finds the best version, as Iter8 v2alpha1 does: a candidate that keeps every objective wins;
 * where none does, the baseline wins if it keeps them itself; else nobody. With rewards the best of those that keep them
 * wins, the baseline included: the verdict is then marginal. Between equals a later version wins.
 *
 * Unlike Iter8, a candidate of which too little is known is not yet a loser, and a missing reward is no verdict.
 */
export function verdictOf(given: JudgeInput): Verdict {
  const input = { ...given, objectives: given.comparable ? given.objectives : given.objectives.map(withoutRatios) };
  const verdict = judgeEach(input, (all, candidate) => standingOf({ ...all, candidate }));
  if (verdict.outcome === 'fail') return keepsItself(input) ? { ...verdict, winner: input.baseline } : verdict;
  if (verdict.outcome !== 'pass' || input.rewards.length === 0) return verdict;
  return rewarded(input, verdict);
}

/** Testers are no sample of everybody, so what everybody gets is no measure for them. */
function withoutRatios({ maxRatio: _, minRatio: __, ...objective }: Objective): Objective {
  return objective;
}

/** Whether the baseline, looked at like a candidate, keeps every objective. */
function keepsItself(input: JudgeInput): boolean {
  return standingOf({ ...input, candidate: input.baseline }).outcome === 'pass';
}

function rewarded(input: JudgeInput, verdict: Verdict): Verdict {
  const candidates = verdict.standings.filter(({ outcome }) => outcome === 'pass').map(({ version }) => version);
  const rivals = input.comparable && keepsItself(input) ? [input.baseline, ...candidates] : candidates;
  if (rivals.length === 1) return verdict;
  const values = input.rewards.map((reward) => ({ reward, by: valuesOf(input, reward, rivals) }));
  const silent = values.find(({ by }) => by === undefined);
  if (silent !== undefined) {
    const sentence = `no window has ${silent.reward.metric} of ${rivals.join(' and ')}, which is to decide between them`;
    return concluded(verdict, 'inconclusive', { sentence, beaten: candidates, winner: undefined });
  }
  const ranks = values.flatMap(({ reward, by }) => (by === undefined ? [] : [{ reward, by }]));
  const winner = rivals.reduce((best, rival) => (compare(rival, best, ranks) >= 0 ? rival : best));
  const sentence = `${winner} has the best ${ranks.map((rank) => describe(rank, winner, rivals)).join(', then ')}`;
  if (winner === input.baseline) {
    return concluded(verdict, 'marginal', { sentence, beaten: candidates, winner });
  }
  const own = verdict.standings.find(({ version }) => version === winner)?.sentence ?? '';
  return { ...verdict, sentence: `${own}; ${sentence}`, winner };
}

interface Rank {
  readonly reward: Reward;
  readonly by: ReadonlyMap<string, number>;
}

/** Over the windows that tell of the reward of all rivals; undefined without any. */
function valuesOf({ ledger }: JudgeInput, { metric }: Reward, rivals: readonly string[]): Rank['by'] | undefined {
  const rows = ledger.rows.map(({ versions }) => rivals.map((rival) => versions[rival]).filter(isSample));
  const telling = rows.filter(
    (samples) => samples.length === rivals.length && samples.every((each) => tells(each, metric)),
  );
  const values = rivals.map(
    (_rival, i) =>
      measure(
        metric,
        telling.flatMap((samples) => samples[i] ?? []),
      )?.value,
  );
  if (values.some((value) => value === undefined)) return undefined;
  return new Map(rivals.map((rival, i) => [rival, values[i] ?? 0]));
}

/** Above 0 where `a` is better than `b`, by the first reward in which they differ. */
function compare(a: string, b: string, ranks: readonly Rank[]): number {
  const gains = ranks.map(({ reward, by }) => {
    const [one, other] = [by.get(a) ?? 0, by.get(b) ?? 0];
    const gain = exceeds(one, other) ? 1 : exceeds(other, one) ? -1 : 0;
    return reward.preferredDirection === 'high' ? gain : -gain;
  });
  return gains.find((gain) => gain !== 0) ?? 0;
}

function describe({ reward: { metric }, by }: Rank, winner: string, rivals: readonly string[]): string {
  const others = rivals.filter((rival) => rival !== winner);
  const [best, ...shown] = showAll(
    metric,
    [winner, ...others].map((rival) => by.get(rival)),
  );
  const against = others.map((rival, i) => `${shown[i]} of ${rival}`).join(' and ');
  return `${metric}: ${best} against ${against}`;
}

interface Conclusion {
  readonly sentence: string;
  /** Candidates that keep their objectives and do not win by that. */
  readonly beaten: readonly string[];
  readonly winner: string | undefined;
}

function concluded(verdict: Verdict, outcome: Outcome, { sentence, beaten, winner }: Conclusion): Verdict {
  const standings = verdict.standings.map(
    (each): Standing => (beaten.includes(each.version) ? { ...each, outcome } : each),
  );
  const kept = standings.filter(({ version }) => beaten.includes(version)).map((each) => each.sentence);
  return { ...verdict, outcome, standings, winner, sentence: [...kept, sentence].join('; ') };
}
