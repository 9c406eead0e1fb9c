import { type Earliest, earliestOf } from '../../evaluate/ahead/earliest.js';
import type { Departure } from '../../evaluate/ahead/play.js';
import { stepsAhead } from '../../evaluate/ahead/steps-ahead.js';
import { heldBy } from '../../evaluate/held-by.js';
import { type Stand, standOf } from '../../evaluate/phases/stand.js';
import { sceneOf } from '../../evaluate/scene-of.js';
import { stateOf } from '../../evaluate/state-of.js';
import type { Status } from '../../evaluate/status.js';
import type { Finding } from '../../lints/lint.js';
import type { LoadedValues } from '../../values/load.js';
import { entriesOf, trafficAt } from './entry.js';
import { notesOf } from './notes.js';
import {
  baselineStep,
  foundIn,
  type Ground,
  isError,
  keyOf,
  type PlannedStep,
  shareStep,
  type Way,
} from './planned-step.js';
import { type Standing, standingsIn } from './standings.js';
import { type Found, type TogetherPlan, togetherPlan } from './together-plan.js';

/** What a release may come to. */
export interface ReleasePlan {
  readonly release: string;
  /** Why there is nothing ahead; undefined where there is. */
  readonly idle: string | undefined;
  /** What is found in the values as they stand. */
  readonly findings: readonly Finding[];
  /** What is expected of all of them beside one another; undefined where one follows the other. */
  readonly together: TogetherPlan | undefined;
  /** Each in turn, as if alone. */
  readonly candidates: readonly CandidatePlan[];
}

/** What a candidate may come to. */
export interface CandidatePlan {
  readonly candidate: string;
  readonly primary: string;
  readonly judge: string;
  readonly policy: string;
  /** Requests per second of both versions together, where that was said. */
  readonly rate: number | undefined;
  /** What every version has now. */
  readonly now: readonly Standing[];
  readonly steps: readonly PlannedStep[];
  /** What has to be known of all of them. */
  readonly notes: readonly string[];
}

/** Returns what may become of a release: each step rendered, validated and linted. */
export function planOf(id: string, loaded: LoadedValues, status: Status, ground: Ground): ReleasePlan {
  const findings = foundIn(loaded, ground);
  const nothing = (idle: string): ReleasePlan => ({ release: id, idle, findings, together: undefined, candidates: [] });
  const scene = sceneOf(loaded);
  if (scene === undefined) return nothing('its values ask for no analysis');
  const state = stateOf(status);
  const names = candidatesIn(standOf(scene, state, false));
  if (names.length === 0) return nothing('no candidate waits for an analysis');
  const known = new Set(findings.map(keyOf));
  const together = Math.min(names.length, scene.together);
  const found = { loaded, scene, state, ground, known, together };
  const candidates = names.map((name) => candidatePlan(name, found));
  const departure = isHeldForGood(found) ? undefined : departureOf(found);
  return { release: id, idle: undefined, findings, together: togetherPlan(names, found, departure), candidates };
}

/** Returns whether a plan can be carried out to its end. */
export function isSound({ findings, together, candidates }: ReleasePlan): boolean {
  const steps = [together, ...candidates].flatMap((plan) => plan?.steps ?? []);
  return !findings.some(isError) && steps.every(({ fails }) => !fails);
}

function candidatesIn({ changed, withdrawn, adopting, progressing, waiting }: Stand): string[] {
  return [...progressing, ...adopting, ...changed, ...withdrawn, ...waiting].map(({ name }) => name);
}

function candidatePlan(candidate: string, found: Found): CandidatePlan {
  const { loaded, scene, state, ground, together } = found;
  const { primary, analysis, rollout } = scene;
  const share = scene.others.find(({ name }) => name === candidate)?.share ?? 0;
  const way = { ...found, analysis, rollout, state, share, earliest: earliestFor(candidate, found) };
  const [entry = 0] = share > 0 ? [share] : entriesOf(scene, ground.rate);
  const steps = stepsFrom(entry, candidate, way);
  const now = standingsIn(loaded.release);
  const { rate } = ground;
  const standings = [now, ...steps.map(({ versions }) => versions)].flat();
  return {
    ...{ candidate, primary: primary.name, judge: analysis.judge, policy: rollout.policy, rate, now, steps },
    notes: notesOf({ scene, share, together, rate, standings }),
  };
}

/** A policy may also come down to shares below where it begins; of those only one that fails is worth a row. */
function stepsFrom(entry: number, candidate: string, way: Way): PlannedStep[] {
  const copied = way.share > 0 ? undefined : baselineStep(candidate, way);
  const steps = copied === undefined ? [] : [copied.planned];
  const loaded = copied?.values ?? way.loaded;
  const known = new Set([...way.known, ...(copied?.planned.findings ?? []).map(keyOf)]);
  let before = loaded;
  for (const step of stepsAhead(loaded, candidate)) {
    const { values, planned } = shareStep(step, before, { ...way, loaded, known });
    if (step.kind === 'share' && step.share < entry && !planned.fails) continue;
    steps.push(planned);
    // Going back is no step on the way.
    if (values !== undefined && step.kind === 'share') before = values;
  }
  return steps;
}

function earliestFor(candidate: string, found: Found): Earliest {
  if (isHeldForGood(found)) return never;
  const { scene, state } = found;
  return earliestOf({
    ...departureOf(found),
    scene: { ...scene, others: scene.others.filter(({ name }) => name === candidate), together: 1 },
    state: { ...state, trials: state.trials.filter(({ name }) => name === candidate) },
  });
}

/** Only a person ends these. */
function isHeldForGood({ scene, ground }: Found): boolean {
  const { freeze } = ground.workspace.project;
  const { action = 'resume' } = scene.rollout.override ?? {};
  const isFrozen = [freeze, scene.rollout.freeze].some((each) => each !== undefined && each.until === undefined);
  return isFrozen || action !== 'resume';
}

function departureOf({ scene, state, ground }: Found): Departure {
  const { workspace, now, delay, rate } = ground;
  const { freeze, schedule } = workspace.project;
  return {
    ...{ scene, state, now, delay },
    traffic: trafficAt(rate, scene),
    held: (at) => heldBy(scene.rollout, { freeze, schedule }, at),
  };
}

const never: Earliest = { share: () => undefined, promotion: undefined, due: undefined };
