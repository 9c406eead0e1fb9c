import * as z from 'zod';
import type { CaseAnswer, CheckCase, Outcome } from '../release/judge.js';
import { caseId } from './case-id.js';
import { readCanaryConfig, ScoreThresholds } from './kayenta/canary-config.js';
import { type CanaryResult, judgeCanary } from './kayenta/judge-canary.js';
import { judgeShift } from './kayenta/judge-shift.js';
import type { GroupScore, ScoreRules } from './kayenta/score-metrics.js';

const values = z.array(z.number().nullable());

const CanaryCase = z.strictObject({
  ...caseId,
  config: z.looseObject({}),
  thresholds: z
    .strictObject(ScoreThresholds.shape)
    .refine(
      ({ pass, marginal }) => pass >= marginal,
      'has a pass below marginal: give a pass that is at least marginal',
    ),
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
    sentence: sentenceOf(result, { thresholds, weights: read.config.classifier.groupWeights }),
    table: [
      ['metric', 'found', 'critical', 'ratio'],
      ...result.metrics.map(({ name, classification, critical, ratio }) => {
        return [name, classification, critical ? 'yes' : 'no', show(ratio)];
      }),
    ],
    outcome: outcomes[result.classification],
    remarks: read.remarks.map(({ path, message }) => `config.${path}: ${message}`),
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

function sentenceOf({ metrics, groupScores, score }: CanaryResult, { thresholds, weights }: ScoreRules): string {
  const { pass, marginal } = thresholds;
  const others = metrics.filter(({ classification }) => classification !== 'Pass');
  const told = others.map(({ name, classification, critical }) => {
    return `${name} is ${classification}${critical ? ', which is critical' : ''}`;
  });
  const scored = `score ${score} (pass from ${pass}, marginal from ${marginal})`;
  const all = metrics.length === 0 ? 'no metric was given' : 'every metric passes';
  // As in Kayenta, which scores groups and not metrics.
  const uncounted = metrics.length > 0 && groupScores.length === 0 ? '; no metric is in a group, so none counts' : '';
  const uncovered = groupScores.length === 0 ? '' : uncoveredBy(weights, groupScores);
  return `${scored}; ${told.join(' and ') || all}${uncounted}${uncovered}`;
}

/** As in Kayenta: what a group without metrics weighs is lost, and groups without a weight share what is left of 100. */
function uncoveredBy(weights: ScoreRules['weights'], groups: readonly GroupScore[]): string {
  const names = groups.map(({ name }) => name);
  const strangers = Object.keys(weights).filter((name) => weights[name] !== 0 && !names.includes(name));
  const unweighted = names.filter((name) => !Object.hasOwn(weights, name));
  const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
  const faults = [
    ...(strangers.length === 0 ? [] : [`no metric is in ${strangers.join(' or ')}`]),
    ...(unweighted.length > 0 && total >= 100 ? [`nothing of 100 is left for ${unweighted.join(' and ')}`] : []),
    ...(unweighted.length === 0 && Math.abs(total - 100) > 1e-9 ? [`their sum is ${show(total)} and not 100`] : []),
  ];
  return faults.length === 0 ? '' : `; groupWeights do not cover the groups: ${faults.join(', ')}`;
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
