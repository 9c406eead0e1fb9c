import type { JudgeSettings } from '../../release/evaluation.js';

/** Returns how often it looks, and the scores that pass and that are marginal. */
export function settingsOf({ kayenta = {} }: JudgeSettings): { windows: number; pass: number; marginal: number } {
  const { windows = 30, pass = 95, marginal = 75 } = kayenta;
  return { windows, pass, marginal };
}
