import { type Everywhere, heldBy } from '../../evaluate/held-by.js';
import { lastWindowEnd } from '../../evaluate/ledger.js';
import { amountOf, movesOf } from '../../evaluate/moves-of.js';
import { beginOf } from '../../evaluate/phases/analysed.js';
import { STARTING } from '../../evaluate/phases/baseline.js';
import type { Situation } from '../../evaluate/situation.js';
import type { Status } from '../../evaluate/status.js';
import { type JudgeId, judges } from '../../judges/registry.js';
import type { Analysis } from '../../release/evaluation.js';
import { isoTime } from '../../release/iso-time.js';
import type { Judge } from '../../release/judge.js';
import type { LoadedValues } from '../../values/load.js';
import type { PullRequestSettings } from '../../values/project/pull-requests.js';

/** What the rows are made at: Unix seconds, and how long a window takes to become complete. */
export interface RowClock extends Everywhere {
  readonly now: number;
  readonly delay: number;
  /** Which decisions wait for the merge of a pull request. @default none */
  readonly merged?: PullRequestSettings['for'] | undefined;
}

/** What comes next for a release. */
export interface Next {
  /** `look`, `enter`, `wait`, `mend`, or the kind of a situation. */
  readonly kind: string;
  readonly text: string;
  /** ISO 8601: when the next window is complete. */
  readonly at?: string;
  /** The page of the open request that it waits for. */
  readonly request?: string;
}

interface Standing {
  readonly situation: Situation;
  readonly status: Status;
  readonly clock: RowClock;
}

/** What a pass leaves where it is while everything is frozen, or this release is paused. */
const waiting: readonly Situation['kind'][] = ['entering', 'overtaken', 'progressing'];

/** What may come of a situation that waits for a merge where that is asked for; whether it does by now, a server knows. */
const decided: Partial<Record<Situation['kind'], readonly string[]>> = {
  entering: ['advance'],
  adopting: ['hold'],
  withdrawn: ['hold'],
  overtaken: ['promote'],
  progressing: ['advance', 'promote', 'hold'],
};

/** Returns what the next pass does, or whom the release waits for. */
export function nextOf(loaded: LoadedValues, standing: Standing): Next {
  const next = heldAfter(nextPass(loaded, standing), standing);
  const { kind } = standing.situation;
  const { merged = [] } = standing.clock;
  const isAsked =
    merged === 'all' ? kind !== 'idle' : decided[kind]?.some((each) => merged.some((one) => one === each));
  return isAsked === true && next.kind !== 'wait' ? { ...next, text: `${next.text}; may wait for a merge` } : next;
}

function nextPass(loaded: LoadedValues, standing: Standing): Next {
  const { situation, clock } = standing;
  if (situation.kind === 'idle') return idle(loaded, standing);
  const { name } = situation.candidate;
  const held = heldBy(situation.rollout, clock, clock.now);
  if (held !== undefined && waiting.includes(situation.kind)) return { kind: 'wait', text: held };
  switch (situation.kind) {
    case 'entering':
      return entering(loaded, standing, name);
    case 'adopting':
      return {
        kind: 'adopt',
        text: `${name} is analysed from ${amountOf(movesOf(loaded.release.strategy), situation.share)}`,
      };
    case 'changed':
      return { kind: 'restart', text: `${name} was changed: it leaves, and starts again` };
    case 'withdrawn':
      return { kind: 'pause', text: `${name} was taken out: that is noted` };
    case 'overtaken':
      return { kind: 'note', text: `${name} was made the primary: that is noted` };
    case 'watching': {
      const at = new Date(situation.until * 1000).toISOString();
      return { kind: 'watch', text: `watched until ${at.slice(11, 19)}Z; ${situation.former} is the way back`, at };
    }
    case 'progressing':
      if (standing.status.paused !== undefined)
        return { kind: 'wait', text: 'paused: sluice resume, or a share by hand' };
      return progressing(situation, standing);
    default:
      return { kind: 'pass', text: 'the next pass says' };
  }
}

/** Where a fresh baseline is asked for, it is deployed and has time to start before anybody enters. */
function entering({ release }: LoadedValues, { status, clock }: Standing, name: string): Next {
  const { analysis, model } = release;
  const enters: Next = { kind: 'enter', text: `${name} enters with the next pass` };
  if (analysis?.baseline !== 'fresh') return enters;
  const there = model.versions.find(({ baselineOf }) => baselineOf !== undefined);
  if (there === undefined) return { kind: 'prepare', text: `a baseline is deployed beside ${name} with the next pass` };
  const { since, leaving } = status.baseline ?? {};
  if (since === undefined || leaving) return { kind: 'wait', text: `${name} waits until ${there.name} has left` };
  const ready = Date.parse(since) / 1000 + STARTING;
  const at = isoTime(ready);
  return clock.now < ready
    ? { kind: 'wait', text: `${name} enters with ${there.name} at ${at.slice(11)}`, at }
    : enters;
}

/** Returns what comes next where a pass was found to decide nothing at this moment. */
export function afterNothing(next: Next, candidate: string): Next {
  if (next.kind !== 'enter') return next;
  return { kind: 'wait', text: `a pass at this moment does not let ${candidate} in; it enters once that has changed` };
}

/** What is done all the same, such as taking up a share that a person wrote, leaves the release where it is held. */
function heldAfter(next: Next, { situation, clock }: Standing): Next {
  if (next.kind === 'wait' || situation.kind === 'idle') return next;
  const held = heldBy(situation.rollout, clock, clock.now);
  return held === undefined ? next : { ...next, text: `${next.text}; then ${held}` };
}

function idle({ release }: LoadedValues, { status, clock }: Standing): Next {
  const { analysis, rollout } = release;
  if (analysis === undefined) return { kind: 'wait', text: 'no analysis: shares are changed by hand' };
  const held = rollout && heldBy(rollout, clock, clock.now);
  if (held !== undefined) return { kind: 'wait', text: held };
  if (status.phase === 'Paused') return { kind: 'wait', text: 'paused: give it traffic to go on' };
  return { kind: 'wait', text: 'a new candidate' };
}

/** After a change of shares a judge of the whole analysis sees something new with the next window, one of the share with the first whole one. */
function firstEnd(analysis: Analysis, since: number, startedAt: number): number {
  const { interval, warmUp = 0 } = analysis;
  const begin = beginOf(startedAt, analysis);
  const after = (time: number) => (Math.ceil(time / interval) + 1) * interval;
  const judge: Judge = judges[analysis.judge as JudgeId];
  if (judge.windows === 'analysis') return Math.max(after(begin), since);
  return after(warmUp === 0 ? since : Math.max(since, begin));
}

type Progressing = Extract<Situation, { kind: 'progressing' }>;

/** The next look that can see something new is when another window has ended. */
function progressing({ analysis, rollout, share, since, startedAt }: Progressing, { clock }: Standing): Next {
  const { interval } = analysis;
  const end = Math.max(
    firstEnd(analysis, since, startedAt),
    lastWindowEnd(interval, clock.now - clock.delay) + interval,
  );
  const at = isoTime(end + clock.delay);
  const step = rollout.policy === 'steps' ? rollout.steps.findLast((each) => each.share <= share) : undefined;
  if (step?.pause) return { kind: 'wait', text: `waits at the pause of step ${step.share} % for a person`, at };
  return { kind: 'look', text: `look at ${at.slice(11)}`, at };
}
