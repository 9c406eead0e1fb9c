import { type JudgeId, judges } from '../judges/registry.js';
import { type Run, runRelease } from './run-release.js';
import type { Scenario } from './scenario.js';

/** Some of the runs of a simulation; plain data. */
export interface Part {
  readonly scenario: Scenario;
  /** A safe integer from 0. */
  readonly seed: number;
  /** The number of the first run. */
  readonly first: number;
  readonly count: number;
}

/** Plays runs one after the other. Each depends on the seed and its own number alone, whoever plays the others. */
export async function simulate({ scenario, seed, first, count }: Part): Promise<Run[]> {
  const verdictOf = await judges[scenario.analysis.judge as JudgeId].load();
  return Array.from({ length: count }, (_, i) => runRelease(scenario, verdictOf, seed, first + i));
}
