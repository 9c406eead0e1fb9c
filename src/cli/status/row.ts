import { ConfigError } from '../../errors.js';
import { identityOf } from '../../evaluate/identity.js';
import { amountOf, movesOf } from '../../evaluate/moves-of.js';
import { type Situation, situationOf } from '../../evaluate/situation.js';
import type { Report, Settled, Status } from '../../evaluate/status.js';
import { oneLine } from '../../gitops/one-line.js';
import { show } from '../../judges/words.js';
import type { Moves } from '../../release/policy.js';
import type { LoadedValues } from '../../values/load.js';
import type { ReleaseEntry } from '../workspace.js';
import { findingOf, type VersionFinding, wholeOf } from './found.js';
import { type Next, nextOf, type RowClock } from './next.js';

/** A version as the values have it, with what the judge found of it. */
export interface VersionRow extends VersionFinding {
  readonly version: string;
  readonly role: 'primary' | 'baseline' | 'candidate' | 'idle' | Settled['outcome'];
  /** The percent that it has of what `moves` says; a canary's candidate has 100 of what matches. */
  readonly share: number;
}

/** A further candidate that is looked at beside the first. */
export interface OtherCandidate {
  readonly candidate: string;
  readonly share: number;
  /** The share in words. */
  readonly amount: string;
}

/** Where one release stands: data, and what `-o json` prints. */
export interface ReleaseRow extends Omit<Report, 'versions'> {
  readonly release: string;
  readonly phase: Status['phase'] | 'Broken';
  readonly primary?: string;
  readonly candidate?: string;
  readonly share?: number;
  /** What the percents are of: `shares` of the requests, `copies`, or `nothing` where a match decides. */
  readonly moves?: Moves;
  /** The share in words, such as `copies of 5 %`. */
  readonly amount?: string;
  readonly others?: readonly OtherCandidate[];
  /** ISO 8601: since when the candidate has its share, or when it was settled. */
  readonly since?: string;
  readonly verdict?: string;
  /** The verdict of the last decision in a few words. */
  readonly finding?: string;
  /** The reason of the last decision. */
  readonly message?: string;
  readonly iteration?: number;
  readonly next: Next;
  readonly versions: readonly VersionRow[];
  readonly error?: string;
}

/** A release that was read, for the row that it makes at any time. */
export interface ReleaseReading {
  readonly entry: ReleaseEntry;
  /** Its status, or why it cannot be used. */
  readonly status: Status | ConfigError;
  readonly byHand: boolean;
}

/** Returns where a release stands, from its values and its status alone. */
export function rowOf({ entry, status, byHand }: ReleaseReading, clock: RowClock): ReleaseRow {
  const { id, loaded } = entry;
  const broken = [loaded, status].find((each) => each instanceof ConfigError);
  if (broken instanceof ConfigError) return brokenRow(id, broken);
  try {
    return sound(id, { loaded: loaded as LoadedValues, status: status as Status, byHand }, clock);
  } catch (error) {
    if (error instanceof ConfigError) return brokenRow(id, error);
    throw error;
  }
}

function brokenRow(id: string, error: ConfigError): ReleaseRow {
  const [problem] = error.problems;
  const text =
    problem === undefined
      ? error.message
      : `${problem.file}:${problem.line ?? 1} ${problem.path === '' ? '' : `${problem.path}: `}${problem.message}`;
  return {
    release: oneLine(id),
    phase: 'Broken',
    next: { kind: 'mend', text: 'waits until it is mended' },
    versions: [],
    error: oneLine(text),
  };
}

interface Sound {
  readonly loaded: LoadedValues;
  readonly status: Status;
  readonly byHand: boolean;
}

function sound(id: string, { loaded, status, byHand }: Sound, clock: RowClock): ReleaseRow {
  const { model, strategy } = loaded.release;
  const situation = situationOf(loaded, status, byHand);
  const candidate = candidateOf(loaded, status, situation);
  const known = candidate !== undefined && candidate === status.candidate;
  const share = candidate === undefined ? undefined : strategy.exposureOf(model, candidate);
  const isTold = known || candidate === undefined;
  const since = isTold ? sinceOf(status) : undefined;
  const others = known ? othersOf(loaded, status) : [];
  return {
    release: oneLine(id),
    phase: candidate === undefined || known || situation.kind === 'idle' ? status.phase : 'Initializing',
    primary: model.primary,
    ...(candidate !== undefined && { candidate }),
    moves: movesOf(strategy),
    ...(share !== undefined && { share, amount: amountOf(movesOf(strategy), share) }),
    ...(others.length > 0 && { others }),
    ...(since !== undefined && { since }),
    ...(isTold && { ...told(status), ...wholeOf(status) }),
    iteration: status.iteration,
    next: nextOf(loaded, { situation, status, clock }),
    versions: model.versions.map(({ name, baselineOf }): VersionRow => {
      const finding = isTold ? findingOf(status, name) : {};
      if (name === model.primary) return { version: name, role: 'primary', share: restOf(loaded), ...finding };
      if (baselineOf !== undefined) {
        return { version: name, role: 'baseline', share: strategy.exposureOf(model, name), ...finding };
      }
      const isLookedAt = name === candidate && situation.kind !== 'idle';
      const settled = isLookedAt ? undefined : settledAs(name, loaded, status);
      const isUnderway = name === candidate || status.others?.some((each) => each.name === name) === true;
      const role = settled ?? (isUnderway ? 'candidate' : 'idle');
      return { version: name, role, share: strategy.exposureOf(model, name), ...finding };
    }),
  };
}

/** Those that are still there. */
function othersOf({ release: { model, strategy } }: LoadedValues, { others = [] }: Status): OtherCandidate[] {
  const isThere = (name: string) => name !== model.primary && model.versions.some((version) => version.name === name);
  return others
    .filter(({ name }) => isThere(name))
    .map(({ name }) => {
      const share = strategy.exposureOf(model, name);
      return { candidate: name, share, amount: amountOf(movesOf(strategy), share) };
    });
}

/** What became of a version that is still what it was then. */
function settledAs(name: string, loaded: LoadedValues, { settled }: Status): Settled['outcome'] | undefined {
  return settled.find((each) => each.name === name && each.identity === identityOf(loaded, name))?.outcome;
}

/** Whoever is looked at, or was decided on last and is still there beside the primary. */
function candidateOf({ release }: LoadedValues, status: Status, situation: Situation): string | undefined {
  if (situation.kind !== 'idle') return situation.candidate.name;
  const { versions, primary } = release.model;
  return versions.find(({ name }) => name === status.candidate && name !== primary)?.name;
}

/** What the candidates leave to the primary; copies, and requests that match, take nothing from it that is a percent. */
function restOf({ release: { model, strategy } }: LoadedValues): number {
  if (strategy.needs !== 'weight') return 100;
  const others = model.versions.filter(({ name }) => name !== model.primary);
  return Math.max(0, 100 - others.reduce((sum, { name }) => sum + strategy.exposureOf(model, name), 0));
}

function sinceOf({ phase, since, candidate, settled, startedAt, pausedAt }: Status): string | undefined {
  if (phase === 'Paused' && pausedAt !== undefined) return pausedAt;
  if (phase === 'Progressing' || phase === 'Inconclusive') return since;
  return settled.find(({ name }) => name === candidate)?.at ?? startedAt;
}

function told({ verdict, message, assessments = [] }: Status) {
  const bad = assessments.filter(({ classification }) => classification !== 'pass');
  const words = bad.map(({ metric, classification, value, limit }) => {
    if (value === undefined || classification === 'nodata') return `${metric} without data`;
    return `${metric} ${show(metric, value)}${limit === undefined ? '' : ` (limit ${show(metric, limit)})`}`;
  });
  const found = verdict === 'fail' && words.length > 0 ? `fail: ${words.join(', ')}` : verdict;
  return {
    ...(verdict !== undefined && { verdict: oneLine(verdict), finding: oneLine(found ?? '') }),
    ...(message !== '' && { message: oneLine(message) }),
  };
}
