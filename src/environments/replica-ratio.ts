import type { Contradiction } from '../release/contradiction.js';
import { type ReleaseModel, versionPlace } from '../release/model.js';
import type { Backend, RoutePlan } from '../release/route-plan.js';
import { apportion, shares } from '../release/shares.js';
import { oncePerPlace, writtenReplicas } from './workload-checks.js';

/** A version among those that divide the pods. */
interface Part {
  readonly version: string;
  /** Above 0. */
  readonly weight: number;
}

const replicasPlace = ['application', 'replicas'] as const;

/** Returns whether weights divide the pods. */
export function isDivided({ rules }: RoutePlan): boolean {
  return rules.some(({ weighted }) => weighted);
}

/** Returns the number of pods of every version by its name, 0 without a share; undefined where nothing divides them. */
export function replicasOf(release: ReleaseModel, plan: RoutePlan): ReadonlyMap<string, number> | undefined {
  if (!isDivided(plan) || release.replicas === undefined) return undefined;
  const parts = partsOf(release, plan);
  const pods = apportion(weightsOf(parts), release.replicas);
  return new Map([
    ...release.versions.map(({ name }) => [name, 0] as const),
    ...parts.map(({ version }, i) => [version, pods[i] ?? 0] as const),
  ]);
}

/**
 * The plan has whole percents and leaves out whoever rounds to 0, which may well be a pod of many. So the weights of the
 * values divide the pods where the plan was made from them, and its percents where a strategy goes by something else.
 */
function partsOf({ versions }: ReleaseModel, { rules }: RoutePlan): Part[] {
  const backends = rules.find(({ weighted }) => weighted)?.backends ?? [];
  const weighted = versions
    .filter(({ routed, weight }) => routed && weight > 0)
    .map(({ name, weight }) => ({ version: name, weight }));
  return isMadeFrom(weighted, backends) ? weighted : backends.map(({ version, share }) => ({ version, weight: share }));
}

function isMadeFrom(parts: readonly Part[], backends: readonly Backend[]): boolean {
  if (parts.length === 0) return false;
  const percents = shares(weightsOf(parts));
  const expected = parts.flatMap(({ version }, i) => (percents[i] === 0 ? [] : [[version, percents[i]]]));
  const planned = backends.map(({ version, share }) => [version, share]);
  return JSON.stringify(expected) === JSON.stringify(planned);
}

function weightsOf(parts: readonly Part[]): number[] {
  return parts.map(({ weight }) => weight);
}

/** Returns the smallest total that the weights divide without remainder. */
export function exactReplicas(weights: readonly number[]): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return total / weights.reduce(greatestCommonDivisor, 0);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** Returns the smallest total of which every weight above 0 gets a pod. */
export function fewestReplicas(weights: readonly number[]): number {
  const above = weights.filter((weight) => weight > 0);
  const sum = above.reduce((subtotal, weight) => subtotal + weight, 0);
  // Below an n-th of a pod, some other of the n has a larger remainder for every pod that is left over.
  let total = Math.max(above.length, Math.floor(sum / (Math.min(...above) * above.length)));
  // Not monotonic, so no bisection; it ends where the smallest quota is a whole pod, if not earlier.
  while (apportion(above, total).includes(0)) total += 1;
  return total;
}

/** Returns why the pods cannot be divided by the weights, or what has no effect since nothing divides them. */
export function refuseRatio(release: ReleaseModel, plan: RoutePlan): Contradiction[] {
  if (isDivided(plan)) return [...refuseTotal(release, plan), ...refuseWorkloads(release)];
  if (release.replicas === undefined) return [];
  const message = 'has no effect, since no weights divide the pods';
  const hint = 'Remove it, or choose the strategy blue-green; deployment.spec.replicas sets the pods of every version.';
  return [{ path: replicasPlace, message, hint }];
}

function refuseTotal(release: ReleaseModel, plan: RoutePlan): Contradiction[] {
  const parts = partsOf(release, plan);
  const weights = weightsOf(parts);
  const pods = replicasOf(release, plan);
  if (pods === undefined) {
    const hint = `Give the number of pods that the weights divide: ${exactReplicas(weights)} make exactly the split.`;
    return [{ path: replicasPlace, message: 'is missing', hint }];
  }
  const without = parts.filter(({ version }) => pods.get(version) === 0);
  if (without.length === 0) return [];
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const hint = hintOf(weights);
  return without.map(({ version, weight }) => ({
    path: versionPlace(release, version, 'weight'),
    message: `is ${weight} of ${total}, which is no pod of ${release.replicas}`,
    hint,
  }));
}

function hintOf(weights: readonly number[]): string {
  const exact = exactReplicas(weights);
  const fewest = fewestReplicas(weights);
  if (fewest === exact) return `It takes ${exact} replicas, which make exactly the split.`;
  return `${exact} replicas make exactly the split, and ${fewest} are the fewest that give every version a pod.`;
}

/** Whoever else sets the number of pods would undo the split. */
function refuseWorkloads(release: ReleaseModel): Contradiction[] {
  return oncePerPlace(
    release.versions.flatMap((version): Contradiction[] => {
      const place = (key: string) => versionPlace(release, version.name, key);
      if (version.workload !== undefined) {
        const message = 'is a workload of your own, whose number of pods the weights cannot set';
        return [{ path: place('workload'), message, hint: 'Let sluice generate the Deployment, from an image.' }];
      }
      const written = writtenReplicas(release, version);
      return [
        ...(version.autoscaler === undefined ? [] : [autoscalerRefusal(place('autoscaler'))]),
        ...(written === undefined ? [] : [replicasRefusal(written.place, JSON.stringify(written.value))]),
      ];
    }),
  );
}

function autoscalerRefusal(path: Contradiction['path']): Contradiction {
  const message = 'would change the number of pods, by which the weights divide the requests';
  const hint = 'Remove it, here or in the application; or choose an environment whose routes have weights.';
  return { path, message, hint };
}

function replicasRefusal(path: Contradiction['path'], value: string): Contradiction {
  const message = `is ${value}, but the weights divide the pods`;
  return { path, message, hint: 'Remove it; application.replicas is the number of pods of all versions together.' };
}

/** Returns the split that the pods make where it is another one than was declared. */
export function noticeRatio(release: ReleaseModel, plan: RoutePlan): Contradiction[] {
  const pods = replicasOf(release, plan);
  if (pods === undefined) return [];
  const parts = partsOf(release, plan);
  const made = percentsOf(parts.map(({ version }) => pods.get(version) ?? 0));
  const declared = percentsOf(weightsOf(parts));
  if (declared.every((percent, i) => percent === made[i])) return [];
  const instead = listed(declared.map((percent) => `${percent} %`));
  const split = listed(parts.map(({ version }, i) => `${version} ${made[i]} %`));
  const message = `is ${release.replicas}, which makes ${split} instead of ${instead}`;
  const hint = `${exactReplicas(weightsOf(parts))} replicas make exactly the split.`;
  return [{ path: replicasPlace, message, hint }];
}

/** Returns percents as they are read: to a tenth, and below 1 % to two digits, so that none becomes 0. */
function percentsOf(parts: readonly number[]): number[] {
  const sum = parts.reduce((subtotal, part) => subtotal + part, 0);
  return parts.map((part) => {
    const percent = (100 * part) / sum;
    return Number(percent < 1 ? percent.toPrecision(2) : percent.toFixed(1));
  });
}

function listed(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}
