import { mostFor } from '../../evaluate/phases/baseline.js';
import type { Scene } from '../../evaluate/phases/scene.js';

/** What a window is taken to hold where nobody says so: enough for the smallest entry share of every policy. */
const PLENTY = 1_000_000;

/** Returns how many requests a window holds. */
export function trafficAt(rate: number | undefined, { analysis }: Pick<Scene, 'analysis'>): number {
  return rate === undefined ? PLENTY : Math.max(1, Math.round(rate * analysis.interval));
}

/** Returns the shares at which a candidate that is alone enters, rising: one, or the least and the most of those unknown. */
export function entriesOf(scene: Scene, rate: number | undefined): readonly number[] {
  const { policy, rollout } = scene;
  const windows = rate === undefined ? [1, PLENTY] : [trafficAt(rate, scene)];
  const shares = windows.map((traffic) =>
    scene.grant(Math.min(policy.entryShare(rollout, traffic), mostFor(scene, 1))),
  );
  return [...new Set(shares)].sort((a, b) => a - b);
}
