import { deployment } from '../environments/workload.js';
import { oncePerPlace, valueAt } from '../environments/workload-checks.js';
import type { Contradiction, PathSegment } from '../release/contradiction.js';
import type { ReleaseModel, VersionModel } from '../release/model.js';
import { versionPlace } from '../release/model.js';
import { checkAnnotations } from './check-annotations.js';
import { checkContainers } from './check-containers.js';
import { checkPredictor } from './check-predictors.js';
import { checkSelector } from './check-selectors.js';
import { checkService } from './check-service.js';
import type { ResolvedRelease } from './resolve.js';
import type { Values } from './values.js';
import { versionPath } from './version-path.js';

/**
 * Returns what would make objects that the API server refuses: budgets, autoscalers, annotations, and what was given in
 * whole or in part of the objects of a version.
 */
export function checkObjects(values: Values, release: ResolvedRelease): Contradiction[] {
  const { model, environment } = release;
  const [deployed, served] = environment.workloads === 'Deployment' ? [model.versions, []] : [[], model.versions];
  return [
    ...writtenAs('disruptionBudget', values).flatMap(checkBudget),
    ...writtenAs('autoscaler', values).flatMap(checkBounds),
    ...checkAnnotations(values, release),
    ...deployed.flatMap((version) => [...checkDeployment(model, version), ...checkService(model, version)]),
    ...oncePerPlace(deployed.flatMap((version) => checkContainers(model, version, values))),
    ...oncePerPlace(deployed.flatMap((version) => checkSelector(model, version, values))),
    ...oncePerPlace(served.flatMap((version) => checkPredictor(model, version, values))),
  ];
}

type Scaling = 'disruptionBudget' | 'autoscaler';

interface Written<Key extends Scaling> {
  readonly path: readonly PathSegment[];
  readonly part: NonNullable<Values['application'][Key]>;
}

/** Returns what the application and its versions say of one key, and where. */
function writtenAs<Key extends Scaling>(key: Key, { application }: Values): Written<Key>[] {
  const places: readonly Pick<Values['application'], Scaling>[] = [application, ...application.versions];
  return places.flatMap((each, i) => {
    const part = each[key];
    const path = i === 0 ? ['application', key] : versionPath(i - 1, key);
    return part === undefined ? [] : [{ path, part }];
  });
}

function checkBounds({ path, part: { minReplicas = 1, maxReplicas } }: Written<'autoscaler'>): Contradiction[] {
  if (minReplicas <= maxReplicas) return [];
  const message = `is ${minReplicas}, above the ${maxReplicas} of maxReplicas`;
  return [{ path: [...path, 'minReplicas'], message, hint: 'Lower minReplicas or raise maxReplicas.' }];
}

function checkBudget({ path, part: budget }: Written<'disruptionBudget'>): Contradiction[] {
  const keys = (['minAvailable', 'maxUnavailable'] as const).filter((key) => budget[key] !== undefined);
  if (keys.length === 0) {
    return [{ path, message: 'has neither minAvailable nor maxUnavailable', hint: 'Give one of the two.' }];
  }
  const both: Contradiction = {
    path: [...path, 'maxUnavailable'],
    message: 'stands beside minAvailable, and a budget takes one of the two',
    hint: 'Remove one of them.',
  };
  const beyond = keys.flatMap((key): Contradiction[] => {
    const count = budget[key];
    if (typeof count !== 'string' || Number.parseInt(count, 10) <= 100) return [];
    const hint = 'Give 0% to 100%, or a number of pods.';
    return [{ path: [...path, key], message: `is ${count}, more than all pods`, hint }];
  });
  return [...(keys.length > 1 ? [both] : []), ...beyond];
}

/** What the overlays bring counts as well; a specification is never filled up with generated parts, as in Iter8. */
function checkDeployment(release: ReleaseModel, version: VersionModel): Contradiction[] {
  if (version.workload !== undefined || version.workloadSpecification?.spec === undefined) return [];
  const whole = deployment(release, version);
  const missing = ['selector', 'template'].filter((key) => typeof (valueAt(whole, ['spec', key]) ?? 0) !== 'object');
  if (missing.length === 0) return [];
  return [
    {
      path: versionPlace(release, version.name, 'deploymentSpecification', 'spec'),
      message: `has no ${missing.join(' and no ')}, and stands in place of all that would be generated`,
      hint: 'Give the whole spec of a Deployment; or leave it out, and give the parts that differ in deployment.',
    },
  ];
}
