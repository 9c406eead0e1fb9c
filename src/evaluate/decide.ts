import { type JudgeId, judges } from '../judges/registry.js';
import { failing } from '../policies/conclude.js';
import { type PolicyId, policies } from '../policies/registry.js';
import { isSample, type SampleAnswer, type Subject } from '../release/evaluation.js';
import { isoTime } from '../release/iso-time.js';
import type { Declared, GiveVerdict, Judge, Verdict } from '../release/judge.js';
import type { Move, Policy, PolicyInput } from '../release/policy.js';
import { applyEdits } from '../values/edit.js';
import type { ResolvedRelease } from '../values/resolve.js';
import { adopt, type Clock, end, expose, type Pending, pause, promote, rollBack, unroute } from './changes.js';
import type { Decision, Evidence } from './decision.js';
import { hash } from './identity.js';
import { lastWindowEnd, ledgerOf, subjectsOf, type Windows, windowsSince } from './ledger.js';
import { amountOf, movesOf } from './moves-of.js';
import { ownedEdits } from './owned-edits.js';
import type { Situation, Underway } from './situation.js';

type Progressing = Extract<Situation, { kind: 'progressing' }>;

/** Returns the windows that the next decision on a release rests on; undefined when it needs none, or none has ended. */
export function windowsFor({ situation, held }: Pending, { now, delay }: Clock): Windows | undefined {
  const { interval } = situation.analysis;
  if (situation.kind === 'progressing') {
    const whole = judgeOf(situation).windows === 'analysis';
    return windowsSince(whole ? situation.startedAt : situation.since, { interval, now, delay });
  }
  if (situation.kind !== 'entering' || held !== undefined) return undefined;
  const newest = lastWindowEnd(interval, now - delay);
  return { interval, firstEnd: newest, lastEnd: newest };
}

/** Returns whose traffic the next decision on a release rests on, by version name. */
export function subjectsFor({ loaded, situation }: Pending): Record<string, Subject> {
  const { model, strategy } = loaded.release;
  const versions = situation.kind === 'progressing' ? [model.primary, situation.candidate.name] : [model.primary];
  return subjectsOf(model, strategy, versions);
}

/** A release that something may be decided on, with what judges it. */
export interface Judged extends Pending {
  readonly verdictOf: GiveVerdict;
}

/** Decides on one release; pure. `answer` covers `windowsFor` it, and is undefined where that is. */
export function decide(pending: Judged, answer: SampleAnswer | undefined, clock: Clock): Decision {
  const { situation } = pending;
  switch (situation.kind) {
    case 'entering':
      return enter(pending, answer, clock);
    case 'adopting': {
      const amount = amountOf(movesOf(pending.loaded.release.strategy), situation.share);
      const reason = `${situation.candidate.name} has ${amount} by no decision of ours: it is analysed from there`;
      return adopt(pending, situation.share, { reason, clock });
    }
    case 'changed': {
      const reason = `${situation.candidate.name} was changed while it was routed: its analysis starts again`;
      return unroute(pending, { reason, clock });
    }
    case 'withdrawn': {
      const reason = `a person took ${situation.candidate.name} out of the route: its analysis goes on once it has traffic again`;
      return pause(pending, { reason, clock });
    }
    case 'overtaken':
      if (pending.held !== undefined) return hold(pending, pending.held);
      return promote(pending, { reason: `a person made ${situation.candidate.name} the primary`, clock });
    case 'progressing':
      return judged(pending, situation, answer, clock);
  }
}

function hold({ id, loaded, situation }: Pending, reason: string, evidence?: Evidence): Decision {
  const share = 'share' in situation ? situation.share : 0;
  const candidate = situation.candidate.name;
  const moves = movesOf(loaded.release.strategy);
  return { release: id, kind: 'hold', candidate, moves, from: share, to: share, reason, change: undefined, evidence };
}

/** Lets a candidate in at the smallest share, once the primary can be measured: nothing is exposed in the dark. */
function enter(pending: Pending, answer: SampleAnswer | undefined, clock: Clock): Decision {
  if (pending.held !== undefined) return hold(pending, `${pending.situation.candidate.name} waits: ${pending.held}`);
  const { loaded, situation } = pending;
  const { model, strategy } = loaded.release;
  const windows = windowsFor(pending, clock);
  const baseline = subjectsFor(pending)[model.primary];
  const sample = answer && windows && baseline && answer.sample(baseline, windows.lastEnd);
  if (!isSample(sample)) {
    return hold(
      pending,
      `${model.primary} has ${sample?.missing ?? 'no data'}, so ${situation.candidate.name} is not let in`,
    );
  }
  assertEditable(pending);
  const { requests } = sample;
  const share = strategy.grant(policyOf(situation).entryShare(situation.rollout, requests));
  const moves = movesOf(strategy);
  const how = { shares: 'at', copies: 'with', nothing: 'for' }[moves];
  const reason = `${situation.candidate.name} enters ${how} ${amountOf(moves, share)}; ${model.primary} answers ${requests.toLocaleString('en')} requests a window`;
  return expose(pending, share, { reason, clock, traffic: requests });
}

/** Whoever is let in must be able to become the primary: what stands in the way is found before anybody is exposed. */
function assertEditable({ loaded, situation }: Pending): void {
  const { model, strategy } = loaded.release;
  const edits = ownedEdits(loaded.values, model, strategy.promote(model, situation.candidate.name));
  applyEdits(loaded.text, edits, { file: loaded.file });
}

function judged(pending: Judged, situation: Progressing, answer: SampleAnswer | undefined, clock: Clock): Decision {
  const { interval, objectives, rewards, minRequests, settings } = situation.analysis;
  const windows = windowsFor(pending, clock);
  if (answer === undefined || windows === undefined) {
    const first = isoTime(situation.since + interval + clock.delay);
    return hold(
      pending,
      `${pending.held === undefined ? '' : `${pending.held}; `}the first window is complete at ${first}`,
    );
  }
  const ledger = ledgerOf(subjectsFor(pending), windows, answer);
  const verdict = pending.verdictOf({
    ...{ ledger, objectives, rewards, minRequests, settings },
    baseline: pending.loaded.release.model.primary,
    candidates: [situation.candidate.name],
    comparable: isComparable(pending.loaded.release),
    declared: declaredBy(pending, situation),
  });
  const evidence = { ledger, verdict, queries: hash(answer.queries.join('\n')) };
  return carryOut(pending, moveOf(pending, situation, { verdict, clock }), { evidence, clock });
}

/** Where nothing may move, time and winners count for nothing; a fail is rolled back all the same. */
function moveOf(
  { loaded, status, held }: Pending,
  situation: Progressing,
  { verdict, clock }: { readonly verdict: Verdict; readonly clock: Clock },
): Move {
  const { analysis, rollout, share, since, startedAt, candidate } = situation;
  const { model, strategy } = loaded.release;
  const input: PolicyInput = {
    ...{ verdict, analysis, rollout },
    baseline: model.primary,
    candidates: [candidate.name],
    shares: { [candidate.name]: share },
    moves: movesOf(strategy),
    elapsed: clock.now - startedAt,
    settled: clock.now - since,
    traffic: status.traffic,
  };
  if (held === undefined) return policyOf(situation).decide(input);
  return failing(input) ?? { kind: 'hold', reason: `${held}; ${verdict.sentence}` };
}

function carryOut(pending: Pending, move: Move, { evidence, clock }: { evidence: Evidence; clock: Clock }): Decision {
  const because = { reason: move.reason, evidence, clock };
  switch (move.kind) {
    case 'promote':
      return promote(pending, because);
    case 'roll back':
      return rollBack(pending, because);
    case 'advance':
      return expose(pending, move.shares[pending.situation.candidate.name] ?? 0, because);
    case 'hold': {
      const news = move.ended !== undefined && phaseOf[move.ended] !== pending.status.phase;
      return news ? end(pending, phaseOf[move.ended], because) : hold(pending, move.reason, evidence);
    }
  }
}

/** What is remembered of an analysis that ended and left the candidate where it is. */
const phaseOf = { inconclusive: 'Inconclusive', kept: 'Completed' } as const;

/** Where a match sends some requests to the candidate and all others to the primary, the two serve different people. */
function isComparable({ strategy }: ResolvedRelease): boolean {
  return strategy.needs !== 'match';
}

/** A route declares shares where it splits requests, or copies a percent of them. */
function declaredBy({ loaded }: Pending, { candidate, share, since }: Progressing): Declared | undefined {
  const { model, strategy } = loaded.release;
  if (strategy.needs !== 'weight' || model.matches.length > 0) return undefined;
  return { since, shares: { [model.primary]: 100 - share, [candidate.name]: share } };
}

/** Returns the judge of a release. */
export function judgeOf({ analysis }: Underway): Judge {
  return judges[analysis.judge as JudgeId];
}

function policyOf({ rollout }: Underway): Policy {
  return policies[rollout.policy as PolicyId];
}
