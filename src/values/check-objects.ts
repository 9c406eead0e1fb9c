import { deployment } from '../environments/workload.js';
import { oncePerPlace, valueAt } from '../environments/workload-checks.js';
import type { Contradiction, PathSegment } from '../release/contradiction.js';
import type { ReleaseModel, VersionModel } from '../release/model.js';
import { versionPlace } from '../release/model.js';
import { checkContainers } from './check-containers.js';
import { checkSelector } from './check-selectors.js';
import type { ResolvedRelease } from './resolve.js';
import type { Values } from './values.js';

/** Returns what would make objects that the API server refuses: budgets, and Deployments and Services given whole. */
export function checkObjects(values: Values, { model, environment }: ResolvedRelease): Contradiction[] {
  const deployed = environment.workloads === 'Deployment' ? model.versions : [];
  return [
    ...budgetsOf(values).flatMap(checkBudget),
    ...deployed.flatMap((version) => [...checkDeployment(model, version), ...checkService(model, version)]),
    ...oncePerPlace(deployed.flatMap((version) => checkContainers(model, version, values))),
    ...oncePerPlace(deployed.flatMap((version) => checkSelector(model, version, values))),
  ];
}

interface Budget {
  readonly path: readonly PathSegment[];
  readonly budget: NonNullable<Values['application']['disruptionBudget']>;
}

function budgetsOf({ application }: Values): Budget[] {
  const places = [
    { path: ['application'] as PathSegment[], budget: application.disruptionBudget },
    ...application.versions.map(({ disruptionBudget }, position) => ({
      path: ['application', 'versions', position],
      budget: disruptionBudget,
    })),
  ];
  return places.flatMap(({ path, budget }) =>
    budget === undefined ? [] : [{ path: [...path, 'disruptionBudget'], budget }],
  );
}

function checkBudget({ path, budget }: Budget): Contradiction[] {
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

/** A Service without ports is refused, unless it only stands for names or addresses. */
function checkService(release: ReleaseModel, { name, serviceSpecification }: VersionModel): Contradiction[] {
  const { spec } = serviceSpecification ?? {};
  if (!Array.isArray(spec?.ports) || spec.ports.length > 0) return [];
  if (spec.type === 'ExternalName' || spec.clusterIP === 'None') return [];
  return [
    {
      path: versionPlace(release, name, 'serviceSpecification', 'spec', 'ports'),
      message: 'is empty, and a Service needs a port',
      hint: `Give the port on which ${name} is reached, such as [{port: 80, targetPort: 8080}].`,
    },
  ];
}
