import { replicasOf } from '../../environments/replica-ratio.js';
import { fewestPods } from '../../environments/workload-checks.js';
import { amountOf, movesOf } from '../../evaluate/moves-of.js';
import type { VersionModel } from '../../release/model.js';
import type { ResolvedRelease } from '../../values/resolve.js';

/** What a version has at a step. */
export interface Standing {
  readonly version: string;
  /** Its percent of the requests, or of the copies; undefined where a match decides. */
  readonly share: number | undefined;
  /** The same in words, such as `5 %`, `copies of 5 %` or `what matches`. */
  readonly amount: string;
  /** Undefined where that is not sluice's to know. */
  readonly pods: number | undefined;
  /** What each of its pods bears, in percent of all requests; undefined where that cannot be told. */
  readonly load: number | undefined;
}

/** Returns what every version of a release has, in the order of the values. */
export function standingsIn(release: ResolvedRelease): Standing[] {
  const { model, strategy } = release;
  const isWhole = strategy.needs !== 'match' && model.matches.length === 0;
  return model.versions.map((version) => {
    const { name } = version;
    const pods = podsOf(release, version);
    const share = shareOf(release, name);
    const load = isWhole && share !== undefined && pods !== undefined && pods > 0 ? share / pods : undefined;
    return { version: name, share, amount: amountIn(release, name), pods, load };
  });
}

/** A primary answers everything that it only has copied. */
function shareOf({ model, strategy }: ResolvedRelease, name: string): number | undefined {
  if (strategy.needs === 'match') return undefined;
  return strategy.needs === 'mirror' && name === model.primary ? 100 : strategy.exposureOf(model, name);
}

function amountIn(release: ResolvedRelease, name: string): string {
  const { model, strategy } = release;
  if (name !== model.primary) return amountOf(movesOf(strategy), strategy.exposureOf(model, name));
  if (strategy.needs !== 'match') return `${shareOf(release, name)} %`;
  const isAlone = model.versions.every((each) => each.name === name || strategy.exposureOf(model, each.name) === 0);
  return isAlone ? 'all' : 'all else';
}

function podsOf({ model, strategy, environment }: ResolvedRelease, version: VersionModel): number | undefined {
  if (environment.supports.includes('replicas')) {
    const divided = replicasOf(model, strategy.plan(model));
    if (divided !== undefined) return divided.get(version.name);
  }
  if (environment.workloads !== 'Deployment' || version.autoscaler !== undefined) return undefined;
  return fewestPods(model, version);
}
