import type { Construct } from 'constructs';
import type { ReleaseModel } from './model.js';
import type { Capability, RouteMatch, RoutePlan } from './route-plan.js';

/** Renders workloads and a route plan as Kubernetes objects. */
export interface Environment {
  readonly id: string;
  /** Other names that values files may use. */
  readonly aliases: readonly string[];
  /** What its routes can do; a strategy that needs something else is refused. */
  readonly supports: readonly Capability[];
  /** Returns why the environment cannot express the match, or undefined when it can. */
  refuses(match: RouteMatch): string | undefined;
  /** Adds the objects to `scope`: for every version its workload and Service, then whatever routes to them. */
  render(scope: Construct, release: ReleaseModel, plan: RoutePlan): void;
}
