import type { Move, PolicyInput, Shares } from '../release/policy.js';

/** Shares that a policy would like to have, and what made it choose them. */
export interface Wish {
  readonly shares: Shares;
  /** Said before what the judge says, which may read like a reason to stay; undefined where that says it all. */
  readonly because?: string | undefined;
}

/**
 * Returns what every policy does alike, and what is wished for where nothing of that applies: a fail takes the candidate
 * out, a winner ends the analysis once `minDuration` is over, and whoever has no winner by `maxDuration` ends as well.
 *
 * @param wish returns the next shares; undefined where they stay. It is not asked where no share can be moved
 */
export function conclude(input: PolicyInput, wish: (input: PolicyInput) => Wish | undefined): Move {
  const end = failing(input) ?? overdue(input) ?? terminate(input);
  if (end.kind !== 'hold' || end.ended !== undefined || input.moves === 'nothing') return end;
  const wished = wish(input);
  if (wished === undefined || !isNews(input, wished.shares)) return end;
  const { sentence } = input.verdict;
  const reason = wished.because === undefined ? sentence : `${wished.because}; ${sentence}`;
  return { kind: 'advance', shares: wished.shares, reason };
}

/**
 * Rolls back when every candidate failed, or when the last one that has a share did; one that failed among several loses
 * its share. Undefined where none has failed that still has any. It comes before everything else, so that no fail is ever
 * promoted or kept.
 */
export function failing({ verdict, shares }: PolicyInput): Move | undefined {
  if (verdict.outcome === 'fail') return { kind: 'roll back', reason: verdict.sentence };
  const failed = verdict.standings.filter(({ version, outcome }) => outcome === 'fail' && (shares[version] ?? 0) > 0);
  if (failed.length === 0) return undefined;
  const reason = failed.map(({ sentence }) => sentence).join('; ');
  const left = { ...shares, ...Object.fromEntries(failed.map(({ version }) => [version, 0])) };
  if (Object.values(left).every((share) => share === 0)) return { kind: 'roll back', reason };
  return { kind: 'advance', shares: left, reason };
}

/** Ends an analysis whose time is up and that no candidate has won; undefined before that. */
export function overdue(input: PolicyInput): Move | undefined {
  const { verdict, elapsed, analysis, baseline } = input;
  // A `minDuration` above it is meant: nothing is promoted before.
  if (elapsed <= Math.max(analysis.minDuration, analysis.maxDuration) || winnerOf(input) !== undefined)
    return undefined;
  if (verdict.winner === baseline) return ended(input, undefined);
  return undecided(input, `the time is up and nothing is concluded: ${verdict.sentence}`);
}

/** Ends an analysis that a candidate has won, as `onTermination` says, and not before `minDuration`; else holds. */
export function terminate(input: PolicyInput): Move {
  const { verdict, analysis, elapsed } = input;
  const winner = winnerOf(input);
  if (winner === undefined) return { kind: 'hold', reason: verdict.sentence };
  if (elapsed >= analysis.minDuration) return ended(input, winner);
  const minutes = Math.ceil((analysis.minDuration - elapsed) / 60);
  return { kind: 'hold', reason: `${verdict.sentence}; it is watched for ${minutes} more min` };
}

/**
 * Returns the candidates that a policy may move: whoever has a share, once `failing` has taken out who has failed. One
 * without a share was taken out, or waits for the evaluator to let it in; no policy does.
 */
export function takingPart({ candidates, shares }: PolicyInput): readonly string[] {
  return candidates.filter((candidate) => (shares[candidate] ?? 0) > 0);
}

/** Returns the candidate that has won; undefined as well where the baseline has. */
export function winnerOf(input: PolicyInput): string | undefined {
  const { outcome, winner } = input.verdict;
  return outcome === 'pass' ? takingPart(input).find((candidate) => candidate === winner) : undefined;
}

function isNews({ candidates, shares: now }: PolicyInput, shares: Shares): boolean {
  return candidates.some((candidate) => (shares[candidate] ?? 0) !== (now[candidate] ?? 0));
}

/** @param winner the candidate that has won; undefined where the baseline has, which then stays what it is */
function ended({ verdict, rollout }: PolicyInput, winner: string | undefined): Move {
  const reason = verdict.sentence;
  if (rollout.onTermination === 'to-winner') {
    return winner === undefined ? { kind: 'roll back', reason } : { kind: 'promote', version: winner, reason };
  }
  const wanted = `${reason}; onTermination is ${rollout.onTermination}`;
  return rollout.onTermination === 'to-baseline'
    ? { kind: 'roll back', reason: wanted }
    : { kind: 'hold', ended: 'kept', reason: wanted };
}

function undecided(input: PolicyInput, reason: string): Move {
  const { onInconclusive } = input.rollout;
  const good = latestKeeping(input);
  if (onInconclusive === 'promote' && good !== undefined) return { kind: 'promote', version: good, reason };
  return onInconclusive === 'rollback'
    ? { kind: 'roll back', reason }
    : { kind: 'hold', ended: 'inconclusive', reason };
}

/** No data is never a pass, whatever the rollout says: every objective was measured just now, and holds. */
function latestKeeping(input: PolicyInput): string | undefined {
  const able = takingPart(input);
  const keeping = input.verdict.standings.filter(
    ({ version, assessments }) =>
      able.includes(version) &&
      assessments.length > 0 &&
      assessments.every(({ classification }) => classification === 'pass'),
  );
  return keeping.at(-1)?.version;
}
