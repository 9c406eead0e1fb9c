import type { JudgeSettings } from '../../release/evaluation.js';

type Settings = Required<NonNullable<JudgeSettings['kayenta']>>;

/** Returns how often it looks, the scores that pass and that are marginal, and what groups count. */
export function settingsOf({ kayenta = {} }: JudgeSettings): { [Key in keyof Settings]: NonNullable<Settings[Key]> } {
  const { windows = 30, pass = 95, marginal = 75, groupWeights = {} } = kayenta;
  return { windows, pass, marginal, groupWeights };
}
