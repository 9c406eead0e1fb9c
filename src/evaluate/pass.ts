import { ConfigError, InternalError, isSluiceError } from '../errors.js';
import type { SampleAnswer, Source } from '../release/evaluation.js';
import type { LoadedValues } from '../values/load.js';
import { isOver } from '../values/project/freeze.js';
import type { Clock } from './changes.js';
import {
  decide,
  type Judged,
  judgeOf,
  type Pending,
  pendingOf,
  subjectsFor,
  windowsFor,
  windowsReadFor,
  withoutWaiting,
} from './decide.js';
import type { Decision } from './decision.js';
import { type Everywhere, heldBy } from './held-by.js';
import { readHistories } from './history.js';
import { halvesOf } from './in-groups.js';
import type { Windows } from './ledger.js';
import { type Asked, questionFor } from './question.js';
import type { Status } from './status.js';
import { type ReadHistories, withHistories } from './with-histories.js';

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

/** Windows that are asked for together however few of them a release needs: three hours of minutes. */
const SHORT = 180;

const unfreezeHint = 'sluice unfreeze takes it out of sluice.yaml';

/** What a pass found; data, before anything is written. */
export interface PassResult {
  readonly decisions: readonly Decision[];
  readonly failures: readonly Failure[];
  /** What the source warned of. */
  readonly warnings: readonly string[];
}

/** What a pass decides by. */
export interface PassOptions extends Everywhere {
  readonly source: Source;
  readonly clock: Clock;
  /** Reads what was before. @default - from the source */
  readonly histories?: ReadHistories | undefined;
  /** Whose evidence is kept: that of all, or of the decisions that write it, since it takes most of the memory. @default all */
  readonly evidence?: 'all' | 'written';
}

/** Decides on every release; one that fails does not stop the others. Nothing is written. */
export async function pass(
  releases: readonly ReleaseState[],
  { source, clock, freeze, schedule, histories, evidence = 'all' }: PassOptions,
): Promise<PassResult> {
  const decisions: Decision[] = [];
  const failures: Failure[] = [];
  const pending: Judged[] = [];
  for (const release of releases) {
    await attempt(release.id, failures, async () => {
      const { rollout } = release.loaded.release;
      const found = pendingOf(release, rollout && heldBy(rollout, { freeze, schedule }, clock.now));
      if (found === undefined) decisions.push(idle(release.id));
      else pending.push({ ...found, verdictOf: await judgeOf(found.scene).load() });
    });
  }

  const answers = await ask(pending, source, clock);
  for (const release of pending) {
    await attempt(release.id, failures, () => {
      const answer = answers.get(release);
      const isNeeded = windowsFor(release, clock) !== undefined;
      const failure = isNeeded && answer instanceof Error ? answer : undefined;
      const { onMetricsDown } = release.scene.rollout;
      // A defect of ours says nothing of the metrics.
      const isDown = failure !== undefined && !(failure instanceof InternalError);
      if (failure !== undefined && (!isDown || onMetricsDown === undefined || release.stand.progressing.length === 0))
        throw failure;
      const { decision, refused } = decidedOn(release, answer instanceof Error ? failure : answer, clock);
      decisions.push(evidence === 'all' ? decision : withoutUnwritten(decision));
      // What the rollout says of that is done, and the exit code tells of it all the same.
      const told = failure ?? refused;
      if (told !== undefined) throw told;
    });
  }
  const read = histories ?? ((beginnings) => readHistories(source, beginnings));
  const begun = await withHistories(decisions, pending, { read, clock }).catch((error: unknown) => {
    const { message } = defect('what was before', error);
    return { decisions, warnings: [message] };
  });
  const answered = [...new Set(answers.values())].flatMap((answer) => (answer instanceof Error ? [] : answer.warnings));
  const warnings = [...answered, ...begun.warnings];
  const over = [
    ...(freeze !== undefined && isOver(freeze, clock.now)
      ? [`the freeze is over since ${freeze.until}: ${unfreezeHint}`]
      : []),
    ...releases.flatMap(({ id, loaded }) => {
      const own = loaded.release.rollout?.freeze;
      if (own === undefined || !isOver(own, clock.now)) return [];
      return [`the freeze of ${id} is over since ${own.until}: sluice unfreeze ${id} takes it out`];
    }),
  ];
  return { decisions: begun.decisions, failures, warnings: [...new Set([...over, ...warnings])] };
}

function withoutUnwritten(decision: Decision): Decision {
  return decision.change === undefined ? { ...decision, evidence: undefined } : decision;
}

/** Who cannot be let in is no reason to leave those unwatched that are under analysis. */
function decidedOn(
  release: Judged,
  answer: Parameters<typeof decide>[1],
  clock: Clock,
): { readonly decision: Decision; readonly refused?: ConfigError } {
  try {
    return { decision: decide(release, answer, clock) };
  } catch (error) {
    const { progressing, waiting } = release.stand;
    if (!(error instanceof ConfigError) || progressing.length === 0 || waiting.length === 0) throw error;
    return { decision: decide(withoutWaiting(release), answer, clock), refused: error };
  }
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

function idle(release: string): Decision {
  const reason = 'its values ask for no analysis';
  const none = { candidate: undefined, moves: undefined, from: undefined, to: undefined };
  return { release, kind: 'hold', reason, ...none, change: undefined, evidence: undefined };
}

type Answers = ReadonlyMap<Pending, SampleAnswer | Error>;

/** Asks once for all releases that are alike; a failure stands in place of the answer. */
async function ask(pending: readonly Pending[], source: Source, clock: Clock): Promise<Answers> {
  const groups = new Map<string, Pending[]>();
  for (const release of pending) {
    const windows = windowsReadFor(release, clock);
    if (windows === undefined) continue;
    const key = likenessOf(windows);
    groups.set(key, [...(groups.get(key) ?? []), release]);
  }
  const answers = await Promise.all([...groups.values()].map((alike) => askFor(alike, source, clock)));
  return new Map(answers.flatMap((found) => [...found]));
}

/**
 * Those are alike whose windows have one length and go about as far back: one question is about one time, and an analysis
 * that lasts for days would have all the others read days.
 */
function likenessOf({ interval, firstEnd, lastEnd }: Windows): string {
  const windows = (lastEnd - firstEnd) / interval + 1;
  return `${interval} ${Math.max(0, Math.ceil(Math.log2(windows / SHORT)))}`;
}

/**
 * What nobody expected is the fault of some release: the others are asked about without it. Of an answer that is too large
 * two take the place, one after the other.
 */
async function askFor(releases: readonly Pending[], source: Source, clock: Clock): Promise<Answers> {
  try {
    const answer = await read(releases, source, clock);
    return new Map(releases.map((release) => [release, answer]));
  } catch (error) {
    const isOfAll = isSluiceError(error) && error.code !== 'source/too-large';
    if (isOfAll || releases.length === 1) {
      const failure = isSluiceError(error) ? error : defect(releases[0]?.id ?? '', error);
      return new Map(releases.map((release) => [release, failure]));
    }
    const answers = new Map<Pending, SampleAnswer | Error>();
    for (const half of halvesOf(releases)) {
      for (const [release, answer] of await askFor(half, source, clock)) answers.set(release, answer);
    }
    return answers;
  }
}

/** Releases with windows of one length. */
async function read(releases: readonly Pending[], source: Source, clock: Clock): Promise<SampleAnswer> {
  const asked = releases.flatMap((release): Asked[] => {
    const windows = windowsReadFor(release, clock);
    if (windows === undefined) return [];
    return [{ subjects: Object.values(subjectsFor(release)), analysis: release.scene.analysis, windows }];
  });
  if (asked.length === 0) return { sample: () => ({ missing: 'nothing was asked' }), warnings: [], queries: [] };
  return source.read(questionFor(asked));
}
