import { failing, overdue } from '../../policies/conclude.js';
import { isoTime } from '../../release/iso-time.js';
import type { Verdict } from '../../release/judge.js';
import type { Move, PolicyInput } from '../../release/policy.js';
import { amountOf } from '../moves-of.js';
import { admittedTo } from './admission.js';
import { beginOf } from './analysed.js';
import { besideIn, mostFor } from './baseline.js';

import { measuredAgain, unheard, unmeasured } from './budgets.js';
import { promoted } from './endings.js';
import { isWatched } from './promoting.js';
import type { Look, Seen } from './scene.js';
import { setAside } from './set-aside.js';
import type { Watched } from './stand.js';
import type { Exposed, State, Step } from './state.js';
import { sharesOf } from './step-parts.js';
import { hold, noted, reshare, takeOut } from './steps.js';

/** Decides by what was measured of those under analysis. */
export function judged(seen: Seen): Step {
  const { scene, state, look, stand } = seen;
  const held = [look.held, state.paused].filter((each) => each !== undefined).join('; ') || undefined;
  const down = look.down === undefined ? undefined : unmeasured(seen, look.down);
  if (down !== undefined) return down;
  const verdict = look.evidence?.verdict;
  if (verdict === undefined) {
    const first = isoTime(firstWindowOf(seen) + scene.analysis.interval + look.delay);
    return hold(stand.progressing, `${held === undefined ? '' : `${held}; `}the first window is complete at ${first}`);
  }
  const waits = held ?? unsyncedFor(look, state) ?? nothingNewFor(seen);
  const move = moveOf(seen, verdict, { held, waits });
  const broken = look.evidence?.broken;
  if (broken !== undefined && !hasFailed(verdict, stand.progressing)) return setAside(seen, broken);
  const silent = move.kind === 'hold' ? unheard(seen) : undefined;
  return measuredAgain(seen, silent ?? carriedOut(seen, move, { verdict, waits }));
}

/** Returns when the first window begins that tells of somebody. */
function firstWindowOf({ scene: { analysis }, state, look, stand }: Seen): number {
  const { interval, warmUp = 0 } = analysis;
  const since = state.since ?? look.now;
  if (warmUp === 0) return since;
  const begin = Math.min(...stand.progressing.map(({ startedAt }) => beginOf(startedAt, analysis)));
  return Math.max(since, Math.ceil(begin / interval) * interval);
}

/** Where nothing may move, time and winners count for nothing; a fail is rolled back all the same. */
function moveOf(
  { scene, state, look, stand }: Seen,
  verdict: Verdict,
  { held, waits }: { readonly held: string | undefined; readonly waits: string | undefined },
): Move {
  const { analysis, rollout, policy, moves } = scene;
  const input: PolicyInput = {
    ...{ verdict, analysis, rollout, moves },
    baseline: besideIn(scene),
    candidates: stand.progressing.map(({ name }) => name),
    shares: sharesOf(stand.progressing),
    elapsed: look.now - Math.max(...stand.progressing.map(({ startedAt }) => beginOf(startedAt, analysis))),
    settled: look.now - (state.since ?? look.now),
    traffic: state.traffic,
    ...(scene.fresh === true && { most: mostFor(scene, stand.progressing.length) }),
  };
  if (waits === undefined) return policy.decide(input);
  const late = held === undefined ? overdue(input) : undefined;
  const ends = late?.kind === 'promote' ? undefined : late;
  return failing(input) ?? ends ?? { kind: 'hold', reason: `${waits}; ${verdict.sentence}` };
}

/** A look that a change of shares rested on counts once: after it another window has to end. */
function nothingNewFor({ scene, state, look }: Seen): string | undefined {
  const { interval } = scene.analysis;
  const newest = Math.floor((look.now - look.delay) / interval) * interval;
  if (state.since === undefined || newest >= state.since) return undefined;
  return `the next window is complete at ${isoTime(state.since + look.delay)}`;
}

/** After this many seconds a commit should have reached the cluster: Argo CD looks every 3 minutes, Flux every 1 to 10. */
const SYNC_TIMEOUT = 600;

/** Until the commit has reached the cluster, the windows tell of another split. */
function unsyncedFor({ evidence, now }: Look, { since }: State): string | undefined {
  const found = evidence?.unsynced?.found;
  if (found === undefined) return undefined;
  const isLate = since !== undefined && now - since > SYNC_TIMEOUT;
  return isLate ? `not synced since ${isoTime(since)}: ${found}` : `waits until the split is live: ${found}`;
}

/** What is remembered of an analysis that ended and left the candidates where they are. */
const phaseOf = { inconclusive: 'Inconclusive', kept: 'Completed' } as const;

function carriedOut(
  seen: Seen,
  move: Move,
  { verdict, waits }: { readonly verdict: Verdict; readonly waits: string | undefined },
): Step {
  const { scene, state, stand, ground } = seen;
  const { reason } = move;
  switch (move.kind) {
    case 'promote': {
      const winner = stand.progressing.find(({ name }) => name === move.version);
      if (winner === undefined) return hold(stand.progressing, reason);
      const { interval } = scene.analysis;
      const watching = isWatched(scene.rollout) ? { interval, startedAt: winner.startedAt } : undefined;
      return promoted(ground, winner, reason, { watching });
    }
    case 'roll back':
      return rolledBack(seen, stand.progressing, reason);
    case 'advance': {
      const out = stand.progressing.filter(({ name }) => (move.shares[name] ?? 0) === 0);
      if (out.length > 0) return rolledBack(seen, out, reason, hasFailed(verdict, out) ? 'rolled back' : 'lost');
      return advanced(seen, wishedFor(seen, move.shares), reason) ?? hold(stand.progressing, reason);
    }
    case 'hold': {
      const phase = move.ended && phaseOf[move.ended];
      if (phase !== undefined && phase !== state.phase) return noted(ground, stand.progressing, { phase, reason });
      const joined =
        waits === undefined && phase === undefined ? advanced(seen, sharesOf(stand.progressing)) : undefined;
      return joined ?? hold(stand.progressing, reason);
    }
  }
}

function rolledBack(
  seen: Seen,
  out: readonly Watched[],
  reason: string,
  outcome: 'rolled back' | 'lost' = 'rolled back',
) {
  return takeOut(seen.ground, out, { reason, outcome, interval: seen.scene.analysis.interval });
}

function hasFailed({ outcome, standings }: Verdict, out: readonly Exposed[]): boolean {
  return (
    outcome === 'fail' ||
    standings.some((each) => each.outcome === 'fail' && out.some(({ name }) => name === each.version))
  );
}

/** A candidate that no verdict has spoken of is not raised, whatever is known of the others; nor is one for which is no room. */
function wishedFor({ scene, stand, look }: Seen, wished: PolicyInput['shares']): PolicyInput['shares'] {
  const verdict = look.evidence?.verdict;
  const most = mostFor(scene, stand.progressing.length);
  const shares = stand.progressing.map(({ name, share, judged }) => {
    const isKnown = judged || (verdict !== undefined && speaksOf(verdict, name));
    const next = Math.min(wished[name] ?? share, most);
    return [name, isKnown ? next : Math.min(next, share)] as const;
  });
  return Object.fromEntries(shares);
}

function speaksOf({ standings, ranks }: Verdict, name: string): boolean {
  const standing = standings.find(({ version }) => version === name);
  if (standing === undefined) return false;
  return standing.outcome !== 'inconclusive' || standing.exposure !== undefined || ranks?.[name] !== undefined;
}

/** Those under analysis get these shares, and who waits joins them as far as there is room; undefined where nothing changes. */
function advanced(seen: Seen, shares: PolicyInput['shares'], because = ''): Step | undefined {
  const { scene, state, stand, ground } = seen;
  const raised = stand.progressing.filter(({ name, share }) => (shares[name] ?? 0) > share).map(({ name }) => name);
  const joining = admittedTo(seen, shares, raised);
  const fresh = Object.keys(joining);
  const enters = Object.entries(joining).map(([name, share]) => `${name} joins at ${amountOf(scene.moves, share)}`);
  const isMoved = stand.progressing.some(({ name, share }) => shares[name] !== share);
  if (!isMoved && fresh.length === 0) return undefined;
  const reason = [...(isMoved ? [because] : []), ...enters].join('; ');
  const { interval } = scene.analysis;
  return reshare(
    ground,
    { ...shares, ...joining },
    { reason, interval, fresh, judged: raised, traffic: state.traffic },
  );
}
