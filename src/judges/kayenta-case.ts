import * as z from 'zod';
import type { CaseAnswer, CheckCase, Outcome } from '../release/judge.js';
import { caseId } from './case-id.js';
import { readCanaryConfig, ScoreThresholds } from './kayenta/canary-config.js';
import { type CanaryResult, judgeCanary } from './kayenta/judge-canary.js';
import { judgeShift } from './kayenta/judge-shift.js';

const values = z.array(z.number().nullable());

const CanaryCase = z.strictObject({
  ...caseId,
  config: z.looseObject({}),
  thresholds: z.strictObject(ScoreThresholds.shape),
  pairs: z.array(z.strictObject({ name: z.string(), control: values, experiment: values })),
});

const ShiftCase = z.strictObject({
  ...caseId,
  mw: z.strictObject({ control: values, experiment: values, confLevel: z.number().gt(0).lt(1) }),
});

/** Either a whole judgement or, with `mw`, the rank-sum interval alone. */
const EitherCase = z.looseObject({ mw: z.unknown().optional() });

/** Answers a case in the words of Kayenta: Pass, High, Low, Nodata, NodataFailMetric, Error; Pass, Marginal, Fail. */
export function answerKayentaCase(check: CheckCase): CaseAnswer {
  return check(EitherCase).mw === undefined ? answerCanary(check(CanaryCase)) : answerShift(check(ShiftCase));
}

function answerCanary({ id, config, thresholds, pairs }: z.output<typeof CanaryCase>): CaseAnswer {
  const read = readCanaryConfig(config, 'config');
  const result = judgeCanary({ config: read.config, thresholds, pairs });
  return {
    json: { id, ...result, metrics: result.metrics.map(spelled) },
    sentence: sentenceOf(result, thresholds),
    table: [
      ['metric', 'found', 'critical', 'ratio'],
      ...result.metrics.map(({ name, classification, critical, ratio }) => {
        return [name, classification, critical ? 'yes' : 'no', show(ratio)];
      }),
    ],
    outcome: outcomes[result.classification],
    remarks: read.remarks.map((remark) => `config.${remark}`),
  };
}

/** JSON has no NaN; Kayenta's own answers have it as a text. */
function spelled(metric: CanaryResult['metrics'][number]): object {
  return Number.isNaN(metric.ratio) ? { ...metric, ratio: 'NaN' } : metric;
}

const outcomes: { readonly [C in CanaryResult['classification']]: Outcome } = {
  Pass: 'pass',
  Marginal: 'marginal',
  Fail: 'fail',
};

function sentenceOf({ metrics, groupScores, score }: CanaryResult, { pass, marginal }: ScoreThresholds): string {
  const others = metrics.filter(({ classification }) => classification !== 'Pass');
  const told = others.map(({ name, classification, critical }) => {
    return `${name} is ${classification}${critical ? ', which is critical' : ''}`;
  });
  const scored = `score ${score} (pass from ${pass}, marginal from ${marginal})`;
  const all = metrics.length === 0 ? 'no metric was given' : 'every metric passes';
  // As in Kayenta, which scores groups and not metrics.
  const uncounted = metrics.length > 0 && groupScores.length === 0 ? '; no metric is in a group, so none counts' : '';
  return `${scored}; ${told.join(' and ') || all}${uncounted}`;
}

function answerShift({ id, mw }: z.output<typeof ShiftCase>): CaseAnswer {
  const { lower, upper, estimate } = judgeShift(mw);
  const between = `at ${show(100 * mw.confLevel)} % between ${show(lower)} and ${show(upper)}`;
  const sentence = Number.isNaN(estimate)
    ? 'nothing can be said of the shift'
    : `the experiment lies ${placeOf(estimate)} the control; ${between}`;
  return { json: { id, lower, upper, estimate }, sentence, table: [] };
}

function placeOf(shift: number): string {
  if (shift === 0) return 'level with';
  return `${show(Math.abs(shift))} ${shift > 0 ? 'above' : 'below'}`;
}

function show(value: number): string {
  return Number.isNaN(value) ? '-' : String(Number(value.toPrecision(4)));
}
