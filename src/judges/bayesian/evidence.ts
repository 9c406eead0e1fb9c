import type { History, JudgeInput } from '../../release/judge.js';
import type { Posterior } from '../../stats/posterior.js';
import { belief, type Doubt } from './belief.js';
import { type Estimate, estimates } from './estimate.js';
import { type Kind, type Observed, observationsOf } from './observations.js';

/** What is known, asked for by metric and by the versions that are compared. */
export interface Evidence {
  readonly history: History | undefined;
  /** What a metric is; undefined for what has no posterior. */
  kindOf(metric: string): Kind | undefined;
  /** Over the windows that all of the versions have; undefined where there is none. */
  estimates(metric: string, versions: readonly string[]): ReadonlyMap<string, Estimate> | undefined;
}

/** Returns the evidence of a ledger. */
export function evidenceOf(input: JudgeInput): Evidence {
  return evidenceFrom((metric) => observationsOf(input, metric), input.history);
}

/** Returns evidence that reads every metric once. */
export function evidenceFrom(observe: (metric: string) => Observed, history?: History): Evidence {
  const observed = new Map<string, Observed>();
  const known = new Map<string, ReadonlyMap<string, Estimate> | undefined>();
  const seen = (metric: string) => {
    const found = observed.get(metric) ?? observe(metric);
    observed.set(metric, found);
    return found;
  };
  const read = (metric: string, versions: readonly string[]) => {
    const { kind, byVersion } = seen(metric);
    return estimates(byVersion, versions, { relative: kind !== 'gauge' });
  };
  return {
    history,
    kindOf: (metric) => seen(metric).kind,
    estimates: (metric, versions) => {
      const key = JSON.stringify([metric, versions]);
      if (!known.has(key)) known.set(key, read(metric, versions));
      return known.get(key);
    },
  };
}

/** Returns what is known of one of the versions that are compared; see belief() for the doubt. */
export function posteriorOf(
  evidence: Evidence,
  version: string,
  { metric, versions, doubt }: { metric: string; versions: readonly string[]; doubt?: Doubt },
): Posterior | undefined {
  const estimate = evidence.estimates(metric, versions)?.get(version);
  const { history } = evidence;
  const kind = evidence.kindOf(metric);
  return estimate && belief(estimate, { metric, kind, history, ...(doubt === undefined ? {} : { doubt }) });
}
