import { argoRollouts, argoRolloutsTuned } from './argo-rollouts.js';
import { flagger, flaggerTuned } from './flagger.js';
import { iter8v1 } from './iter8-v1.js';
import { iter8v2 } from './iter8-v2.js';
import { kayenta, kayentaHourly } from './kayenta.js';
import type { Rule } from './rule.js';
import { sluice } from './sluice.js';

/** Everybody who plays, in the order of the tables. */
export const rules: readonly Rule[] = [
  sluice,
  flagger,
  flaggerTuned,
  argoRollouts,
  argoRolloutsTuned,
  kayenta,
  kayentaHourly,
  iter8v1,
  iter8v2,
];
