import { ConfigError } from '../../errors.js';
import { type Earliest, earliestOf } from '../../evaluate/ahead/earliest.js';
import { renderStep } from '../../evaluate/ahead/render-ahead.js';
import { type StepAhead, stepsAhead } from '../../evaluate/ahead/steps-ahead.js';
import { heldBy } from '../../evaluate/held-by.js';
import type { Scene } from '../../evaluate/phases/scene.js';
import { type Stand, standOf } from '../../evaluate/phases/stand.js';
import type { State } from '../../evaluate/phases/state.js';
import { sceneOf } from '../../evaluate/scene-of.js';
import { stateOf } from '../../evaluate/state-of.js';
import type { Status } from '../../evaluate/status.js';
import type { Finding } from '../../lints/lint.js';
import { lintValues } from '../../lints/lint-values.js';
import type { Change } from '../../reports/change.js';
import { objectChanges } from '../../reports/object-changes.js';
import { releaseChanges } from '../../reports/release-changes.js';
import { manifestsOf } from '../../synth/manifests.js';
import type { LoadedValues } from '../../values/load.js';
import { objectTexts } from '../diff/compare.js';
import type { SchemaCheck } from '../validate/check-schemas.js';
import { findingsOf } from '../validate/report.js';
import type { Workspace } from '../workspace.js';
import { gatesOf } from './gates.js';
import { type Standing, standingsIn } from './standings.js';

/** What a release may come to. */
export interface ReleasePlan {
  readonly release: string;
  /** Why there is nothing ahead; undefined where there is. */
  readonly idle: string | undefined;
  /** What is found in the values as they stand. */
  readonly findings: readonly Finding[];
  /** Each in turn. */
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
}

/** One step, and what is expected at it. */
export interface PlannedStep extends Pick<StepAhead, 'kind' | 'name' | 'share'> {
  /** What every version has then; none where the step fails. */
  readonly versions: readonly Standing[];
  /** What it changes of the step before, or of what there is; what a reviewer should see first is at the front. */
  readonly changes: readonly Change[];
  readonly objects: readonly { readonly object: string; readonly status: 'added' | 'removed' | 'changed' }[];
  /** Seconds from the next pass; undefined where it is not reached by verdicts alone. */
  readonly earliest: number | undefined;
  readonly waitsFor: readonly string[];
  /** Beside those of the values as they stand. */
  readonly findings: readonly Finding[];
  readonly fails: boolean;
}

/** What a plan is made in. */
export interface Ground {
  readonly workspace: Workspace;
  readonly schemas: SchemaCheck | undefined;
  /** Unix seconds, and how long a window takes to become complete. */
  readonly now: number;
  readonly delay: number;
  /** Requests per second of both versions together. */
  readonly rate: number | undefined;
}

/** What a window is taken to hold where nobody says so: enough for the smallest entry share of every policy. */
const PLENTY = 1_000_000;

/** Returns what may become of a release: each step rendered, validated and linted. */
export function planOf(id: string, loaded: LoadedValues, status: Status, ground: Ground): ReleasePlan {
  const findings = foundIn(loaded, ground);
  const nothing = (idle: string): ReleasePlan => ({ release: id, idle, findings, candidates: [] });
  const scene = sceneOf(loaded);
  if (scene === undefined) return nothing('its values ask for no analysis');
  const state = stateOf(status);
  const names = candidatesIn(standOf(scene, state, false));
  if (names.length === 0) return nothing('no candidate waits for an analysis');
  const known = new Set(findings.map(keyOf));
  const candidates = names.map((name) => candidatePlan(name, { loaded, scene, state, ground, known }));
  return { release: id, idle: undefined, findings, candidates };
}

/** Returns whether a plan can be carried out to its end. */
export function isSound({ findings, candidates }: ReleasePlan): boolean {
  return !findings.some(isError) && candidates.every(({ steps }) => steps.every(({ fails }) => !fails));
}

function candidatesIn({ changed, withdrawn, adopting, progressing, waiting }: Stand): string[] {
  return [...progressing, ...adopting, ...changed, ...withdrawn, ...waiting].map(({ name }) => name);
}

interface Found {
  readonly loaded: LoadedValues;
  readonly scene: Scene;
  readonly state: State;
  readonly ground: Ground;
  /** What was found already, by `keyOf`. */
  readonly known: ReadonlySet<string>;
}

function candidatePlan(candidate: string, found: Found): CandidatePlan {
  const { loaded, scene } = found;
  const earliest = earliestFor(candidate, found);
  const steps: PlannedStep[] = [];
  let before = loaded;
  for (const step of stepsAhead(loaded, candidate)) {
    const { valid, planned } = plannedStep(step, before, { ...found, earliest });
    steps.push(planned);
    // Going back is no step on the way.
    if (valid !== undefined && step.kind === 'share') before = valid;
  }
  const { primary, analysis, rollout } = scene;
  const now = standingsIn(loaded.release);
  const { rate } = found.ground;
  return { candidate, primary: primary.name, judge: analysis.judge, policy: rollout.policy, rate, now, steps };
}

function plannedStep(step: StepAhead, before: LoadedValues, found: Found & { readonly earliest: Earliest }) {
  const { loaded, scene, state, ground, known, earliest } = found;
  const { kind, name, share, candidate } = step;
  const now = scene.others.find((each) => each.name === candidate)?.share ?? 0;
  const at = kind === 'promotion' ? earliest.promotion : share < now ? ground.now : earliest.share(share);
  const approach = { workspace: ground.workspace, rollout: scene.rollout, state, share: now, now: ground.now };
  const place = {
    ...{ kind, name, share, waitsFor: gatesOf(step, approach) },
    earliest: at === undefined ? undefined : Math.max(0, at - ground.now),
  };
  try {
    const { loaded: valid, manifests } = renderStep(loaded, step);
    const base = share < now ? loaded : before;
    const objects = objectChanges(objectTexts(manifestsOf(base.release)), objectTexts(manifests));
    const findings = foundIn(valid, ground).filter((each) => !known.has(keyOf(each)));
    const planned: PlannedStep = {
      ...place,
      versions: standingsIn(valid.release),
      changes: releaseChanges(base.release, valid.release),
      objects: objects.map(({ object, status }) => ({ object, status })),
      findings,
      fails: findings.some(isError),
    };
    return { valid, planned };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const findings = findingsOf(error, loaded.file);
    const planned: PlannedStep = { ...place, versions: [], changes: [], objects: [], findings, fails: true };
    return { valid: undefined, planned };
  }
}

function earliestFor(candidate: string, { scene, state, ground }: Found): Earliest {
  const { workspace, now, delay, rate } = ground;
  const { freeze, schedule } = workspace.project;
  // Only a person ends these.
  const { action } = scene.rollout.override ?? {};
  const isHeldForGood = (freeze !== undefined && freeze.until === undefined) || (action && action !== 'resume');
  if (isHeldForGood) return never;
  const alone = {
    scene: { ...scene, others: scene.others.filter(({ name }) => name === candidate), together: 1 },
    state: { ...state, trials: state.trials.filter(({ name }) => name === candidate) },
  };
  return earliestOf({
    ...{ ...alone, now, delay },
    traffic: rate === undefined ? PLENTY : Math.max(1, Math.round(rate * scene.analysis.interval)),
    held: (at) => heldBy(scene.rollout, { freeze, schedule }, at),
  });
}

const never: Earliest = { share: () => undefined, promotion: undefined };

function foundIn(loaded: LoadedValues, { workspace, schemas }: Ground): Finding[] {
  return [...lintValues({ loaded, project: workspace.project }), ...(schemas?.findingsOf(loaded) ?? [])];
}

function isError({ severity }: Finding): boolean {
  return severity === 'error';
}

function keyOf({ code, path, message }: Finding): string {
  return JSON.stringify([code, path, message]);
}
