import { ConfigError } from '../../errors.js';
import type { Earliest } from '../../evaluate/ahead/earliest.js';
import { type RenderedStep, renderStep } from '../../evaluate/ahead/render-ahead.js';
import type { StepAhead } from '../../evaluate/ahead/steps-ahead.js';
import { needsBaseline, withBaselineFor } from '../../evaluate/ahead/with-baseline.js';
import type { State } from '../../evaluate/phases/state.js';
import type { Finding } from '../../lints/lint.js';
import { lintValues } from '../../lints/lint-values.js';
import type { Analysis } from '../../release/evaluation.js';
import type { Rollout } from '../../release/policy.js';
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

/** One step, and what is expected at it. */
export interface PlannedStep extends Pick<StepAhead, 'name' | 'share'> {
  /** A fresh baseline is deployed before the entry. */
  readonly kind: StepAhead['kind'] | 'baseline';
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

/** What the values are that a step is seen from. */
export interface Origin {
  readonly loaded: LoadedValues;
  readonly ground: Ground;
  /** What was found in them, by `keyOf`. */
  readonly known: ReadonlySet<string>;
}

/** What a candidate has before it. */
export interface Way extends Origin {
  readonly state: State;
  readonly analysis: Analysis;
  readonly rollout: Rollout;
  /** The percent that it has now. */
  readonly share: number;
  readonly earliest: Earliest;
}

/** A step with its values; those are undefined where it fails. */
interface Taken {
  readonly planned: PlannedStep;
  readonly values: LoadedValues | undefined;
}

/** Returns a step of a candidate, with what it changes of the values before it. */
export function shareStep(step: StepAhead, before: LoadedValues, way: Way): Taken {
  const { loaded, share: now, ground, earliest } = way;
  const { kind, name, share } = step;
  const at = kind === 'promotion' ? earliest.promotion : share < now ? ground.now : earliest.share(share);
  const place = placeOf({ kind, name, share }, at, way);
  return taken(place, { way, base: share < now ? loaded : before, render: () => renderStep(loaded, step) });
}

/** Returns how a fresh baseline comes in before a candidate does; undefined where none has to. */
export function baselineStep(candidate: string, way: Way): Taken | undefined {
  const { loaded, ground, earliest, share } = way;
  if (!needsBaseline(loaded)) return undefined;
  const at = earliest.share(1) === undefined ? undefined : ground.now;
  const place = placeOf({ kind: 'baseline', name: 'baseline', share }, at, way);
  const render = () => {
    const values = withBaselineFor(loaded, candidate);
    return { loaded: values, manifests: manifestsOf(values.release) };
  };
  return taken(place, { way, base: loaded, render });
}

type Place = Pick<PlannedStep, 'kind' | 'name' | 'share' | 'waitsFor' | 'earliest'>;

function placeOf(step: Pick<Place, 'kind' | 'name' | 'share'>, at: number | undefined, way: Way): Place {
  const { ground, rollout, state, share, earliest, analysis } = way;
  const isOverdue = at !== undefined && earliest.due !== undefined && at > earliest.due;
  const overdue = isOverdue ? Math.max(analysis.minDuration, analysis.maxDuration) : undefined;
  const approach = { workspace: ground.workspace, rollout, state, share, overdue, now: ground.now };
  return {
    ...{ ...step, waitsFor: gatesOf(step, approach) },
    earliest: at === undefined ? undefined : Math.max(0, at - ground.now),
  };
}

interface Work {
  readonly way: Way;
  /** What it changes. */
  readonly base: LoadedValues;
  render(): RenderedStep;
}

function taken(place: Place, { way, base, render }: Work): Taken {
  try {
    const { loaded: values, manifests } = render();
    const objects = objectChanges(objectTexts(manifestsOf(base.release)), objectTexts(manifests));
    const findings = foundIn(values, way.ground).filter((each) => !way.known.has(keyOf(each)));
    const planned: PlannedStep = {
      ...place,
      versions: standingsIn(values.release),
      changes: releaseChanges(base.release, values.release),
      objects: objects.map(({ object, status }) => ({ object, status })),
      findings,
      fails: findings.some(isError),
    };
    return { planned, values };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const findings = findingsOf(error, way.loaded.file);
    return { planned: { ...place, versions: [], changes: [], objects: [], findings, fails: true }, values: undefined };
  }
}

/** Returns what lints and schemas find in values. */
export function foundIn(loaded: LoadedValues, { workspace, schemas }: Ground): Finding[] {
  return [...lintValues({ loaded, project: workspace.project }), ...(schemas?.findingsOf(loaded) ?? [])];
}

/** Returns whether it keeps a step from being taken. */
export function isError({ severity }: Finding): boolean {
  return severity === 'error';
}

/** Returns what tells one finding from another, wherever it stands. */
export function keyOf({ code, path, message }: Finding): string {
  return JSON.stringify([code, path, message]);
}
