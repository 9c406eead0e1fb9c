import { loadScenario } from '../../src/simulate/load-scenario.js';
import type { Run } from '../../src/simulate/run-release.js';
import { simulate } from '../../src/simulate/simulate.js';
import { type Summary, summaryOf } from '../../src/simulate/summary.js';

/** The smallest scenario: equal versions, the default judge and policy. */
export const equal = `traffic: {rate: 20}
analysis:
  interval: 60s
  objectives: [{metric: error-rate}]
`;

/** Plays a scenario, all runs in this thread. */
export async function playedRuns(text: string, count: number, first = 0): Promise<Run[]> {
  return simulate({ scenario: loadScenario(text, 'scenario.yaml'), seed: 11, first, count });
}

/** Returns what is found of a scenario. */
export async function played(text: string, count: number): Promise<Summary> {
  return summaryOf(await playedRuns(text, count));
}
