import type { ReleaseState } from '../evaluate/pass.js';
import type { Status } from '../evaluate/status.js';
import { type LandingPlace, landedStatus, type MergeTime, mergedAt, settledFrom } from './landing.js';

/** How it is found out how a status came to the branch. */
interface Landings {
  readonly place: LandingPlace;
  /** Whether decisions wait for the merge of a request. */
  readonly byRequest: boolean;
  /** Unix seconds. */
  readonly now: number;
  readonly mergeTime: MergeTime;
  /** Returns whether a person wrote the status beside a values file. */
  isByHand(file: string): boolean | Promise<boolean>;
}

/**
 * Returns a release with its status as a pass takes it: what the decision changed holds from its merge on, and whoever is
 * settled in what a person wrote is left by cleanup, since it may have been put back.
 *
 * @param dated whether windows or pods begin with the decision
 */
export async function asLanded(
  release: Omit<ReleaseState, 'byHand'>,
  dated: boolean,
  landings: Landings,
): Promise<ReleaseState> {
  const isCleaned = mayLoseSomebody(release);
  if (!dated && !isCleaned) return { ...release, byHand: false };
  const { byHand, status } = await landingIn(release, isCleaned, landings);
  const { settled } = isCleaned && byHand ? withAllStaying(status) : status;
  return { ...release, status: { ...(dated ? status : release.status), settled }, byHand: dated && byHand };
}

/** Whether cleanup may take an entry out of a release. */
export function mayLoseSomebody({ loaded: { release }, status }: Pick<ReleaseState, 'loaded' | 'status'>): boolean {
  const { rollout, model } = release;
  const names = model.versions.map(({ name }) => name);
  const isLeft = ({ name, stays }: Status['settled'][number]) =>
    !stays && name !== model.primary && names.includes(name);
  return rollout?.cleanup === true && status.settled.some(isLeft);
}

function withAllStaying(status: Status): Status {
  return { ...status, settled: status.settled.map((entry) => ({ ...entry, stays: true })) };
}

async function landingIn(
  release: Omit<ReleaseState, 'byHand'>,
  isCleaned: boolean,
  { place, byRequest, now, mergeTime, isByHand }: Landings,
): Promise<{ byHand: boolean; status: Status }> {
  if (byRequest) return landedStatus(place, release, { now, mergeTime });
  const { loaded, status } = release;
  const byHand = await isByHand(loaded.file);
  const at = isCleaned && !byHand ? await mergedAt(place, loaded.file) : undefined;
  return { byHand, status: at === undefined ? status : settledFrom(status, Math.min(at, now)) };
}
