import { InternalError, isSluiceError } from '../errors.js';
import { readsBuckets, type SampleAnswer, type Source, type Subject } from '../release/evaluation.js';
import type { LoadedValues } from '../values/load.js';
import { type Freeze, isOver } from '../values/project/freeze.js';
import type { Clock, Pending } from './changes.js';
import { decide, type Judged, judgeOf, subjectsFor, windowsFor } from './decide.js';
import type { Decision } from './decision.js';
import { heldBy } from './held-by.js';
import type { Windows } from './ledger.js';
import { situationOf, withQueue } from './situation.js';
import type { Status } from './status.js';

/** A release as a pass finds it. */
export interface ReleaseState {
  /** The folder of the release below `releases/`. */
  readonly id: string;
  readonly loaded: LoadedValues;
  readonly status: Status;
  /** Whether a person wrote the status as it stands; default false. */
  readonly byHand?: boolean;
}

/** A release on which nothing could be decided. */
export interface Failure {
  readonly release: string;
  readonly error: Error;
}

const unfreezeHint = 'sluice unfreeze takes it out of sluice.yaml';

/** What a pass found; data, before anything is written. */
export interface PassResult {
  readonly decisions: readonly Decision[];
  readonly failures: readonly Failure[];
  /** What the source warned of. */
  readonly warnings: readonly string[];
}

/** Decides on every release; one that fails does not stop the others. Nothing is written. */
export async function pass(
  releases: readonly ReleaseState[],
  { source, clock, freeze }: { readonly source: Source; readonly clock: Clock; readonly freeze?: Freeze | undefined },
): Promise<PassResult> {
  const decisions: Decision[] = [];
  const failures: Failure[] = [];
  const pending: Judged[] = [];
  for (const release of releases) {
    await attempt(release.id, failures, async () => {
      const situation = situationOf(release.loaded, release.status, release.byHand);
      const { rollout } = release.loaded.release;
      const held = rollout && heldBy(rollout, freeze, clock.now);
      if (situation.kind === 'idle') {
        decisions.push(idle(release.id, [situation.reason, ...(held === undefined ? [] : [held])].join('; ')));
      } else {
        pending.push({ ...release, situation, held, verdictOf: await judgeOf(situation).load() });
      }
    });
  }

  const answers = await ask(pending, source, clock);
  for (const release of pending) {
    await attempt(release.id, failures, () => {
      const answer = answers.get(release.situation.analysis.interval);
      if (answer instanceof Error && windowsFor(release, clock) !== undefined) throw answer;
      const decision = decide(release, answer instanceof Error ? undefined : answer, clock);
      decisions.push({ ...decision, reason: withQueue(decision.reason, release.situation.queued) });
    });
  }
  const warnings = [...answers.values()].flatMap((answer) => (answer instanceof Error ? [] : answer.warnings));
  const over =
    freeze !== undefined && isOver(freeze, clock.now)
      ? [`the freeze is over since ${freeze.until}: ${unfreezeHint}`]
      : [];
  return { decisions, failures, warnings: [...new Set([...over, ...warnings])] };
}

async function attempt(release: string, failures: Failure[], work: () => void | Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    failures.push({ release, error: isSluiceError(error) ? error : defect(release, error) });
  }
}

function defect(release: string, cause: unknown): InternalError {
  const current = cause instanceof Error ? cause.message : String(cause);
  return new InternalError(`Cannot evaluate ${release} as planned: ${current}`, {
    code: 'internal/unexpected',
    hint: 'This is a defect of sluice: please report it.',
    cause,
  });
}

function idle(release: string, reason: string): Decision {
  const none = { candidate: undefined, moves: undefined, from: undefined, to: undefined };
  return { release, kind: 'hold', reason, ...none, change: undefined, evidence: undefined };
}

interface Question {
  readonly subjects: Map<string, Subject>;
  readonly bucketsOf: Map<string, Subject>;
  windows: Windows;
}

/** Asks once per length of window, for all releases together; a failure stands in place of the answer. */
async function ask(
  pending: readonly Pending[],
  source: Source,
  clock: Clock,
): Promise<Map<number, SampleAnswer | Error>> {
  const questions = new Map<number, Question>();
  for (const release of pending) {
    const windows = windowsFor(release, clock);
    if (windows === undefined) continue;
    const question = questions.get(windows.interval) ?? { subjects: new Map(), bucketsOf: new Map(), windows };
    question.windows = span(question.windows, windows);
    const buckets = readsBuckets(release.situation.analysis);
    for (const subject of Object.values(subjectsFor(release))) {
      question.subjects.set(JSON.stringify(subject), subject);
      if (buckets) question.bucketsOf.set(JSON.stringify(subject), subject);
    }
    questions.set(windows.interval, question);
  }
  const answers = [...questions].map(async ([interval, { subjects, bucketsOf, windows }]) => {
    const asked = { subjects: [...subjects.values()], bucketsOf: [...bucketsOf.values()] };
    const answer = await source.read({ ...asked, ...windows }).catch(sourceFailure);
    return [interval, answer] as const;
  });
  return new Map(await Promise.all(answers));
}

function span(a: Windows, b: Windows): Windows {
  const firstEnd = Math.min(a.firstEnd, b.firstEnd);
  return { interval: a.interval, firstEnd, lastEnd: Math.max(a.lastEnd, b.lastEnd) };
}

function sourceFailure(error: unknown): Error {
  if (isSluiceError(error)) return error;
  throw error;
}
