import { fewestPods, writtenReplicas } from '../environments/workload-checks.js';
import type { Contradiction } from '../release/contradiction.js';
import { candidatesOf, primaryOf, type VersionModel, versionPlace } from '../release/model.js';
import type { ResolvedRelease } from '../values/resolve.js';
import type { Lint } from './lint.js';
import { sharesAhead } from './shares-ahead.js';

/** How much more than a pod of the primary bears, alone with all requests, a pod of a candidate is trusted with. */
const MOST_LOAD = 1.5;

/** A share that is too much for the candidate's pods: it would fail for want of pods and not by its own fault. */
export const overload: Lint = {
  id: 'overload',
  severity: 'warning',
  find({ loaded: { release } }) {
    const { model, environment } = release;
    // Where weights divide the pods, every pod bears the same.
    if (environment.workloads !== 'Deployment' || environment.supports.includes('replicas')) return [];
    const primary = fewestPods(model, primaryOf(model));
    return candidatesOf(model).flatMap((candidate) => check(release, candidate, primary));
  },
};

function check(release: ResolvedRelease, candidate: VersionModel, primary: number | undefined): Contradiction[] {
  const { model } = release;
  const pods = fewestPods(model, candidate);
  if (pods === undefined || primary === undefined || candidate.autoscaler !== undefined) return [];
  const load = (share: number) => (share / pods) * (primary / 100);
  const shares = stages(release, candidate);
  const share = shares.find((each) => load(each) > MOST_LOAD);
  if (share === undefined) return [];
  const worst = Math.max(...shares);
  const most = load(worst) > load(share) ? ` (${load(worst).toFixed(1)} times at ${worst} %)` : '';
  const have = pods === 1 ? 'a pod' : `${pods} pods`;
  return [
    {
      path: writtenReplicas(model, candidate)?.place ?? versionPlace(model, candidate.name),
      message: `${candidate.name} has ${have}, and at ${share} % each bears ${load(share).toFixed(1)} times what a pod of ${model.primary} does with all requests${most}`,
      hint: `Give it ${Math.ceil((worst * primary) / 100)} replicas under deployment.spec, or an autoscaler.`,
    },
  ];
}

/** What it may come to have: the steps, then everything; without a rollout, what it has. */
function stages(release: ResolvedRelease, { name }: VersionModel): readonly number[] {
  const { rollout, strategy, model } = release;
  if (rollout === undefined) return strategy.needs === 'match' ? [] : [strategy.exposureOf(model, name)];
  return rollout.onTermination === 'to-winner' ? [...sharesAhead(release), 100] : sharesAhead(release);
}
