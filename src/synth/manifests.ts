import { App, Chart } from 'cdk8s';
import type { Manifest } from '../release/model.js';
import type { ResolvedRelease } from '../values/resolve.js';
import { renderRelease } from './release.js';

/** Returns the objects of a release as plain data, in the order in which they are applied. */
export function manifestsOf(release: ResolvedRelease): Manifest[] {
  // One App per release: an App sorts all its charts, which is quadratic over many releases.
  const chart = new Chart(new App(), release.model.name, { namespace: release.model.namespace });
  renderRelease(chart, release);
  return chart.toJson() as Manifest[];
}
