import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readCanaryConfig, type ScoreThresholds } from '../../../src/judges/kayenta/canary-config.js';
import { judgeCanary } from '../../../src/judges/kayenta/judge-canary.js';
import type { MetricPair } from '../../../src/judges/kayenta/judge-metric.js';
import { judgeShift, type ShiftCase } from '../../../src/judges/kayenta/judge-shift.js';

/** A judgement that Kayenta itself made; NaN is a string there. */
interface Judgement {
  readonly id: string | number;
  readonly config: unknown;
  readonly thresholds: ScoreThresholds;
  readonly pairs: readonly MetricPair[];
  readonly expected: { readonly metrics: readonly { readonly ratio?: number | 'NaN' | null }[] };
}

interface Interval {
  readonly id: string | number;
  readonly mw: ShiftCase;
  readonly expected: { readonly lower: number; readonly upper: number; readonly estimate: number };
}

/** Kayenta's answers lie beside the project, or elsewhere if told so; without them only the project's own are tried. */
const file =
  process.env.SLUICE_KAYENTA_CASES ??
  fileURLToPath(new URL('../../../../shared/kayenta/golden.jsonl', import.meta.url));
const cases = existsSync(file)
  ? readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Judgement | Interval)
  : [];
const judgements = cases.filter((each): each is Judgement => 'config' in each);
const intervals = cases.filter((each): each is Interval => 'mw' in each);

describe(`the ${cases.length} answers of Kayenta in ${file}`, () => {
  test(cases.length === 0 ? 'are absent, so that none is tried' : 'are there', () => {
    expect(existsSync(file)).toBe(cases.length > 0);
  });

  test.each(judgements)('judgement $id', ({ config, thresholds, pairs, expected }) => {
    const result = judgeCanary({ config: readCanaryConfig(config, 'golden').config, thresholds, pairs });
    const metrics = result.metrics.map(({ ratio, ...metric }, i) => {
      const given = expected.metrics[i]?.ratio;
      if (typeof given === 'number') expect(ratio / given).toBeCloseTo(1, 12);
      if (given === 'NaN') expect(ratio).toBeNaN();
      return given === undefined ? metric : { ...metric, ratio: given };
    });
    expect({ ...result, metrics }).toEqual(expected);
  });

  test.each(intervals)('interval $id', ({ mw, expected }) => {
    const shift = judgeShift(mw);
    for (const end of ['lower', 'upper', 'estimate'] as const) {
      const allowed = Math.max(2e-4, 1e-6 * Math.abs(expected[end]));
      expect(Math.abs(shift[end] - expected[end])).toBeLessThanOrEqual(allowed);
    }
  });
});
