import { type JudgeId, judges } from '../judges/registry.js';
import type { GiveVerdict, History } from '../release/judge.js';
import type { Player } from './player.js';
import { randomOf } from './random.js';
import { type Run, type RunOptions, runRelease } from './run-release.js';
import type { Scenario } from './scenario.js';
import { SluicePlayer } from './sluice-player.js';
import { Traffic } from './traffic.js';

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
  return Array.from({ length: count }, (_, i) => {
    const run = first + i;
    return runRelease(scenario, playerOf(scenario, verdictOf, { seed, run }), { seed, run });
  });
}

/** Returns who decides in a run as in earnest. */
export function playerOf(scenario: Scenario, verdictOf: GiveVerdict, { seed, run }: RunOptions): Player {
  return new SluicePlayer(
    scenario,
    withHistory(verdictOf, () => historyOf(scenario, seed, run)),
  );
}

/** The hours before are drawn for judges that look at them, at the first look. */
function withHistory(verdictOf: GiveVerdict, draw: () => History): GiveVerdict {
  let drawn: History | undefined;
  return (input) =>
    verdictOf({
      ...input,
      get history() {
        drawn ??= draw();
        return drawn;
      },
    });
}

/** The pods are those of the run, since the same numbers make them; what they did before takes numbers of its own. */
function historyOf(scenario: Scenario, seed: number, run: number): History {
  return new Traffic(scenario, randomOf(seed, run)).history(scenario, randomOf(seed, -1 - run));
}
