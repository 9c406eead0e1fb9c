import type { ScoreThresholds } from './canary-config.js';
import type { MetricResult } from './judge-metric.js';

/** A metric that counts, and where. */
export type ScoredMetric = Pick<MetricResult, 'classification' | 'critical'> & { readonly groups: readonly string[] };

/** The share of the metrics of a group that pass, in percent. */
export interface GroupScore {
  readonly name: string;
  readonly score: number;
}

/** The whole in one number. */
export interface Score {
  /** In the order in which the metrics name them. */
  readonly groupScores: readonly GroupScore[];
  /** Percent, with two decimals; outside 0 to 100 where the weights do not sum to 100. */
  readonly score: number;
  readonly classification: 'Pass' | 'Marginal' | 'Fail';
}

/** How groups count, and from which score on a canary passes. */
export interface ScoreRules {
  /** Percent by group. */
  readonly weights: Readonly<Record<string, number>>;
  readonly thresholds: ScoreThresholds;
}

/**
 * Scores the metrics that are not muted: the weighted sum of the groups' scores, where groups without a weight share
 * what is left of 100. A critical metric that does not pass makes 0, and so do data missing for half of the metrics.
 *
 * As in Kayenta, weights that do not sum to 100 are taken as they are, errors count in no group, and a group in which
 * nothing could be compared is shown with 0 but counts as 100.
 */
export function scoreMetrics(metrics: readonly ScoredMetric[], { weights, thresholds }: ScoreRules): Score {
  const groups = [...tallies(metrics)];
  const groupScores = groups.map(([name, { passed, compared }]) => {
    return { name, score: compared === 0 ? 0 : (passed / compared) * 100 };
  });
  const score = isLost(metrics) ? 0 : toHundredths(weightedSum(groups, weights));
  const classification = score >= thresholds.pass ? 'Pass' : score >= thresholds.marginal ? 'Marginal' : 'Fail';
  return { groupScores, score, classification };
}

interface Tally {
  passed: number;
  compared: number;
}

function tallies(metrics: readonly ScoredMetric[]): Map<string, Tally> {
  const groups = new Map<string, Tally>();
  for (const { groups: names, classification } of metrics) {
    for (const name of names) {
      const tally = groups.get(name) ?? { passed: 0, compared: 0 };
      groups.set(name, tally);
      if (classification === 'Pass') tally.passed += 1;
      if (classification !== 'Nodata' && classification !== 'Error') tally.compared += 1;
    }
  }
  return groups;
}

function isLost(metrics: readonly ScoredMetric[]): boolean {
  if (metrics.some(({ critical, classification }) => critical && classification !== 'Pass')) return true;
  const missing = metrics.filter(({ classification }) => classification === 'Nodata').length;
  return metrics.length > 0 && missing * 2 >= metrics.length;
}

function weightedSum(groups: readonly (readonly [string, Tally])[], weights: ScoreRules['weights']): number {
  const given = new Map(Object.entries(weights));
  const total = [...given.values()].reduce((sum, weight) => sum + weight, 0);
  const rest = (100 - total) / groups.filter(([name]) => !given.has(name)).length;
  return groups.reduce((sum, [name, { passed, compared }]) => {
    const score = compared === 0 ? 100 : (passed / compared) * 100;
    return sum + score * ((given.get(name) ?? rest) / 100);
  }, 0);
}

/** Rounds the digits that are shown, halves away from 0: 1.005 makes 1.01, though its bits are below. */
function toHundredths(value: number): number {
  const [digits, exponent = '0'] = String(Math.abs(value)).split('e');
  const hundredths = Math.round(Number(`${digits}e${Number(exponent) + 2}`));
  return (Math.sign(value) * hundredths) / 100;
}
