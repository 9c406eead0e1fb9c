import { App, Chart } from 'cdk8s';
import type { Environment } from '../../release/environment.js';
import type { Json } from '../../release/json.js';
import type { Strategy } from '../../release/strategy.js';
import type { Draw } from './draw.js';
import { start } from './expand.js';
import type { Instance } from './instance.js';
import { symbolicRelease } from './symbolic-release.js';

/** What a chart can do: an environment with some strategies. */
export interface Cell {
  readonly environment: Environment;
  readonly strategies: readonly Strategy[];
}

interface Manifest {
  readonly kind: string;
  readonly [key: string]: Json;
}

/** What constructs rendered of one draw. */
export type Rendered = Instance<readonly Manifest[]>;

/** Draws a release and renders it, as `sluice synth` does with one that is prepared. */
export function renderDraw(draw: Draw, environment: Environment, strategy: Strategy): Rendered {
  const { release, plan } = symbolicRelease(draw, environment, strategy);
  const chart = new Chart(new App(), 'chart');
  environment.render(chart, release, plan);
  return { ...start(draw), value: chart.toJson() as Manifest[] };
}
