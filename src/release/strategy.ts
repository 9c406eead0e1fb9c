import type { Capability } from './environment.js';
import type { ReleaseModel } from './model.js';
import type { Shares } from './policy.js';
import type { RoutePlan } from './route-plan.js';

/** The scalars of one version that the evaluator may change. */
export interface Exposure {
  readonly weight?: number;
  readonly routed?: boolean;
}

/** What the evaluator writes: exposures by version name, and the primary. */
export interface Allocation {
  readonly primary: string;
  readonly versions: { readonly [version: string]: Exposure };
}

/** Plans where requests go; knows no environment. */
export interface Strategy {
  readonly id: string;
  /** Other names that values files may use. */
  readonly aliases: readonly string[];
  /** What it asks of an environment; undefined for nothing. */
  readonly needs: Capability | undefined;
  /** Returns rules whose last one fits every request. Only routed versions appear. */
  plan(release: ReleaseModel): RoutePlan;
  /**
   * Returns the scalars that expose these candidates to their percents; 0 takes one out. Whoever has no percent keeps what
   * it has, but where all divide one whole: there it gets nothing.
   */
  expose(release: ReleaseModel, shares: Shares): Allocation;
  /** Returns the percent that the candidate is exposed to now; 100 where its rule has no share. */
  exposureOf(release: ReleaseModel, candidate: string): number;
  /** Returns the percent that a candidate really has when it is given `share`: a match knows only all or nothing. */
  grant(share: number): number;
  /** Returns the scalars that make the candidate the primary and take the others out. */
  promote(release: ReleaseModel, candidate: string): Allocation;
  /** Whose side counts the requests: mirrors are never seen by the caller. */
  readonly reporter: 'source' | 'destination';
}
