import { ConfigError } from '../../errors.js';
import type { Run } from '../../simulate/run-release.js';
import type { Scenario } from '../../simulate/scenario.js';
import { type Part, partOf, type Summary, spreadOf } from '../../simulate/summary.js';
import type { OptionValues } from '../command.js';
import { simulateInParallel } from '../simulate/workers.js';
import type { ReleaseEntry, Workspace } from '../workspace.js';
import { type PowerResolution, powerResolutions } from './power-resolution.js';
import { powerScenarios } from './power-scenarios.js';
import { regressionOf, unwatchedBy, usualRegression } from './regression.js';
import { type Service, serviceOf, toldBy } from './service.js';

/** How soon a regression is seen in a release. */
export interface Power {
  readonly release: string;
  readonly service: Service;
  /** As it was asked for. */
  readonly regression: string;
  readonly scenario: Scenario;
  readonly runs: number;
  readonly seed: number;
  readonly byPolicy: Sight;
  readonly atShares: readonly (Sight & { readonly share: number })[];
  /** What becomes of a candidate like the primary. */
  readonly equal: Equal;
  /** Metrics that are not simulated, and so not judged by. */
  readonly left: readonly string[];
  /** What is worse and no objective is about, such as `latency`. */
  readonly unwatched: readonly string[];
  /** What the buckets make of ratios that objectives ask for, where that is another ratio. */
  readonly resolutions: readonly PowerResolution[];
}

/** How a regression is seen. */
export interface Sight {
  /** Rolled back before `maxDuration` was over. */
  readonly found: Part;
  readonly promoted: Part;
  /** From the entry, where it is found; undefined where it never is. */
  readonly minutes: Summary['minutes'];
  /** To the candidate until then. */
  readonly requests: Summary['minutes'];
}

/** What becomes of a candidate like the primary. */
export interface Equal {
  readonly promoted: Part;
  readonly falseRollback: Part;
  /** From the entry to the promotion. */
  readonly minutes: Summary['minutes'];
  readonly requests: Summary['minutes'];
}

/** How it is simulated. */
export interface Asked {
  readonly runs: number;
  readonly seed: number;
  readonly workers: number;
}

/** What it is found in. */
export interface PowerGround {
  readonly workspace: Workspace;
  readonly asked: Asked;
  readonly options: OptionValues;
  readonly now: number;
}

/**
 * Returns how soon a regression is seen in a release, by simulation; undefined where nothing of it can be simulated.
 *
 * @throws ConfigError when its values are broken, nobody tells its traffic, or it has no shares
 */
export async function powerOf(entry: ReleaseEntry, ground: PowerGround): Promise<Power | undefined> {
  const { workspace, asked, options, now } = ground;
  const { id, loaded } = entry;
  if (loaded instanceof ConfigError) throw loaded;
  const { release } = loaded;
  if (release.strategy.needs === 'match') throw byMatch(id);
  const metrics = release.analysis?.objectives.map(({ metric }) => metric) ?? [];
  if (metrics.length === 0) return undefined;
  const service = await serviceOf(release, toldBy(options), { workspace, entry, time: now });
  const spec = typeof options.regression === 'string' ? options.regression : usualRegression(metrics);
  const regression = regressionOf(spec, service.baseline.errorRate);
  const scenarios = powerScenarios(release, service, regression);
  if (scenarios === undefined) return undefined;
  const { byPolicy, equal, atShares, left } = scenarios;
  const sights: (Sight & { share: number })[] = [];
  for (const { share, scenario } of atShares) sights.push({ share, ...(await sightOf(scenario, asked)) });
  const { runs, seed } = asked;
  return {
    ...{ release: id, service, regression: spec, scenario: byPolicy, runs, seed, left },
    unwatched: unwatchedBy(metrics, regression),
    resolutions: powerResolutions(byPolicy),
    ...{ byPolicy: await sightOf(byPolicy, asked), atShares: sights, equal: await equalOf(equal, asked) },
  };
}

async function sightOf(scenario: Scenario, asked: Asked): Promise<Sight> {
  const runs = await simulateInParallel(scenario, asked);
  const { maxDuration } = scenario.analysis;
  const found = runs.filter(({ outcome, minutes = 0 }) => outcome === 'rolled back' && 60 * minutes <= maxDuration);
  return { found: partOf(found.length, runs.length), promoted: promotedOf(runs), ...spreadsOf(found) };
}

async function equalOf(scenario: Scenario, asked: Asked): Promise<Equal> {
  const runs = await simulateInParallel(scenario, asked);
  const promoted = runs.filter(({ outcome }) => outcome === 'promoted');
  const rolledBack = runs.filter(({ outcome }) => outcome === 'rolled back');
  const falseRollback = partOf(rolledBack.length, runs.length);
  return { promoted: promotedOf(runs), falseRollback, ...spreadsOf(promoted) };
}

function promotedOf(runs: readonly Run[]): Part {
  return partOf(runs.filter(({ outcome }) => outcome === 'promoted').length, runs.length);
}

function spreadsOf(runs: readonly Run[]): Pick<Sight, 'minutes' | 'requests'> {
  return {
    minutes: spreadOf(runs.flatMap(({ minutes }) => minutes ?? [])),
    requests: spreadOf(runs.map(({ requests }) => requests)),
  };
}

function byMatch(release: string): ConfigError {
  return new ConfigError(`Cannot tell the power of ${release} by shares: its strategy sends requests by a match`, {
    code: 'cli/no-shares',
    hint: 'Nobody knows how many requests match: sluice simulate with the rate of those that do tells as much.',
  });
}
