import type { Construct } from 'constructs';
import type { Contradiction } from './contradiction.js';
import type { Subject } from './evaluation.js';
import type { ReleaseModel, VersionModel } from './model.js';
import type { RoutePlan } from './route-plan.js';

/**
 * What an environment can do. The first three are what strategies ask for; each of the others is an option of the
 * values file, which is refused (or, where Iter8 knows the key, said to have no effect) by an environment without it.
 */
export const capabilities = [
  'weight',
  'match',
  'mirror',
  'gateway',
  'hosts',
  'prefix',
  'replicas',
  'deployment-mode',
  'model-mesh-service',
  'model-ports',
  'cookie-affinity',
  'client-ip-affinity',
  'external-service',
  'external-deployment',
  'version-namespace',
  'autoscaler',
  'disruption-budget',
] as const;

/** What an environment can do. */
export type Capability = (typeof capabilities)[number];

/** A form in which matches are written: Istio's is `match`, the Gateway API's is `matches`. */
export type MatchForm = 'match' | 'matches';

/** What an environment renders. */
export interface Prepared {
  readonly release: ReleaseModel;
  readonly plan: RoutePlan;
}

/** Renders workloads and a route plan as Kubernetes objects. */
export interface Environment {
  readonly id: string;
  /** Other names that values files may use. */
  readonly aliases: readonly string[];
  /** The kind of object that runs a version. */
  readonly workloads: 'Deployment' | 'InferenceService';
  /** What it can do; whatever else a release asks for is refused before anything is rendered. */
  readonly supports: readonly Capability[];
  /** Returns the form that counts where matches are given in both. Without it, both together are refused. */
  matchForm?(deploymentMode: ReleaseModel['deploymentMode']): MatchForm;
  /** Returns what of the release and its plan it cannot express, each with its place in the values. */
  refuses(release: ReleaseModel, plan: RoutePlan): readonly Contradiction[];
  /** Returns what a person should know of how the plan is carried out; it is rendered all the same. */
  notices?(release: ReleaseModel, plan: RoutePlan): readonly Contradiction[];
  /**
   * Returns the release and the plan as `render` takes them, with whatever has to be worked out of several values or
   * read from a text. For `render` only asks what is there and writes it: a chart is made of it without any values.
   * @default - both as they are
   */
  prepare?(release: ReleaseModel, plan: RoutePlan): Prepared;
  /**
   * Returns what metrics call a version, as it was prepared, where that differs from what they mostly do.
   * @default - by the environment, the version's Service and its Deployment
   */
  measured?(version: VersionModel, prepared: Prepared): Partial<Subject>;
  /** `false` where no chart can be made of it, as one whose routes join what a rule holds; `sluice chart` says so then. */
  readonly charts?: boolean;
  /** `false` where the route is asked through what others installed: no pod, as of `helm test`, asks it by its name. */
  readonly routeTest?: boolean;
  /** Adds the objects to `scope`: for every version its workload and Service, then whatever routes to them. */
  render(scope: Construct, release: ReleaseModel, plan: RoutePlan): void;
}
