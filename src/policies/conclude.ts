import type { Move, PolicyInput, Shares } from '../release/policy.js';

/**
 * Returns what every policy does alike, and undefined where the next share is its own to choose: a fail rolls back, a
 * failed candidate among several loses its share, and when the time is up the analysis ends.
 */
export function concluded(input: PolicyInput): Move | undefined {
  const { verdict, elapsed, analysis } = input;
  const reason = verdict.sentence;
  if (verdict.outcome === 'fail') return { kind: 'roll back', reason };
  const left = withoutFailed(input);
  if (left !== undefined) return { kind: 'advance', shares: left, reason };
  if (verdict.outcome === 'pass' || elapsed <= analysis.maxDuration) return undefined;
  return late(input, `the time is up and nothing is concluded: ${reason}`);
}

/** Ends an analysis that has a winner, as `onTermination` says, and not before `minDuration`. */
export function terminate({ verdict, rollout, analysis, elapsed }: PolicyInput): Move {
  const { sentence, winner } = verdict;
  if (winner === undefined) return { kind: 'hold', reason: sentence };
  if (elapsed < analysis.minDuration) {
    const minutes = Math.ceil((analysis.minDuration - elapsed) / 60);
    return { kind: 'hold', reason: `${sentence}; it is watched for ${minutes} more min` };
  }
  if (rollout.onTermination === 'to-winner') return { kind: 'promote', version: winner, reason: sentence };
  const reason = `${sentence}; onTermination is ${rollout.onTermination}`;
  return rollout.onTermination === 'to-baseline'
    ? { kind: 'roll back', reason }
    : { kind: 'hold', ended: 'kept', reason };
}

/** Undefined unless some candidates, not all, have failed and still have a share. */
function withoutFailed({ verdict, shares }: PolicyInput): Shares | undefined {
  const failed = verdict.standings.filter(({ version, outcome }) => outcome === 'fail' && (shares[version] ?? 0) > 0);
  if (failed.length === 0) return undefined;
  return { ...shares, ...Object.fromEntries(failed.map(({ version }) => [version, 0])) };
}

function late(input: PolicyInput, reason: string): Move {
  const { onInconclusive } = input.rollout;
  const good = bestOf(input);
  if (onInconclusive === 'promote' && good !== undefined) return { kind: 'promote', version: good, reason };
  return onInconclusive === 'rollback'
    ? { kind: 'roll back', reason }
    : { kind: 'hold', ended: 'inconclusive', reason };
}

/** No data is never a pass, whatever the rollout says: every objective was measured just now, and holds. */
function bestOf({ verdict }: PolicyInput): string | undefined {
  const good = verdict.standings.filter(({ assessments }) =>
    assessments.every(({ classification }) => classification === 'pass'),
  );
  return good.at(-1)?.version;
}
