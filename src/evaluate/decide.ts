import { type JudgeId, judges } from '../judges/registry.js';
import { type PolicyId, policies } from '../policies/registry.js';
import { isSample, type Judge, type Policy, type SampleAnswer, type Subject } from '../release/evaluation.js';
import { applyEdits } from '../values/edit.js';
import { adopt, type Clock, expose, type Pending, pause, promote, rollBack, unroute } from './changes.js';
import type { Decision, Evidence } from './decision.js';
import { hash } from './identity.js';
import { lastWindowEnd, ledgerOf, subjectsOf, type Windows, windowsSince } from './ledger.js';
import { ownedEdits } from './owned-edits.js';
import type { Situation, Underway } from './situation.js';

/** Returns the windows that the next decision on a release rests on; undefined when it needs none, or none has ended. */
export function windowsFor({ situation }: Pending, { now, delay }: Clock): Windows | undefined {
  const { interval } = situation.analysis;
  if (situation.kind === 'progressing') return windowsSince(situation.since, { interval, now, delay });
  if (situation.kind !== 'entering') return undefined;
  const newest = lastWindowEnd(interval, now - delay);
  return { interval, firstEnd: newest, lastEnd: newest };
}

/** Returns whose traffic the next decision on a release rests on, by version name. */
export function subjectsFor({ loaded, situation }: Pending): Record<string, Subject> {
  const { model, strategy } = loaded.release;
  const versions = situation.kind === 'progressing' ? [model.primary, situation.candidate.name] : [model.primary];
  return subjectsOf(model, strategy, versions);
}

/** Decides on one release; pure. `answer` covers `windowsFor` it, and is undefined where that is. */
export function decide(pending: Pending, answer: SampleAnswer | undefined, clock: Clock): Decision {
  const { situation } = pending;
  switch (situation.kind) {
    case 'entering':
      return enter(pending, answer, clock);
    case 'adopting': {
      const reason = `${situation.candidate.name} has ${situation.share} % by no decision of ours: it is analysed from there`;
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
      return promote(pending, { reason: `a person made ${situation.candidate.name} the primary`, clock });
    case 'progressing':
      return judged(pending, situation, answer, clock);
  }
}

function hold({ id, situation }: Pending, reason: string, evidence?: Evidence): Decision {
  const share = 'share' in situation ? situation.share : 0;
  const candidate = situation.candidate.name;
  return { release: id, kind: 'hold', candidate, from: share, to: share, reason, change: undefined, evidence };
}

/** Lets a candidate in at the smallest share, once the primary can be measured: nothing is exposed in the dark. */
function enter(pending: Pending, answer: SampleAnswer | undefined, clock: Clock): Decision {
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
  const share = strategy.grant(policyOf(situation).entryShare(situation.rollout));
  const reason = `${situation.candidate.name} enters at ${share} %; ${model.primary} answers ${sample.requests.toLocaleString('en')} requests a window`;
  return expose(pending, share, { reason, clock });
}

/** Whoever is let in must be able to become the primary: what stands in the way is found before anybody is exposed. */
function assertEditable({ loaded, situation }: Pending): void {
  const { model, strategy } = loaded.release;
  const edits = ownedEdits(loaded.values, model, strategy.promote(model, situation.candidate.name));
  applyEdits(loaded.text, edits, { file: loaded.file });
}

function judged(
  pending: Pending,
  situation: Extract<Situation, { kind: 'progressing' }>,
  answer: SampleAnswer | undefined,
  clock: Clock,
): Decision {
  const { interval, maxDuration, objectives, minRequests, judge } = situation.analysis;
  const windows = windowsFor(pending, clock);
  if (answer === undefined || windows === undefined) {
    const first = new Date((situation.since + interval + clock.delay) * 1000).toISOString();
    return hold(pending, `the first window is complete at ${first}`);
  }
  const baseline = pending.loaded.release.model.primary;
  const candidate = situation.candidate.name;
  const ledger = ledgerOf(subjectsFor(pending), windows, answer);
  const verdict = judgeNamed(judge).judge({ ledger, baseline, candidate, objectives, minRequests });
  const evidence = { ledger, verdict, queries: hash(answer.queries.join('\n')) };
  const overdue = clock.now - situation.startedAt > maxDuration;
  const move = policyOf(situation).decide({ verdict, share: situation.share, rollout: situation.rollout, overdue });
  const { reason } = move;
  if (move.kind === 'hold') return hold(pending, reason, evidence);
  if (move.kind === 'promote') return promote(pending, { reason, evidence, clock });
  if (move.kind === 'roll back') return rollBack(pending, { reason, evidence, clock });
  return expose(pending, move.share, { reason, evidence, clock });
}

function judgeNamed(id: string): Judge {
  return judges[id as JudgeId];
}

function policyOf({ rollout }: Underway): Policy {
  return policies[rollout.policy as PolicyId];
}
