import { isSample, type Objective } from '../release/evaluation.js';
import type { Assessment, Judge, JudgeInput, Refusal, Standing } from '../release/judge.js';
import { logSumExp } from '../stats/log-sum-exp.js';
import { judgeEach } from './judge-each.js';
import { exposureOf } from './sequential/exposure.js';
import type { MetricTest, Pair } from './sequential/metric-test.js';
import { latencyQuantile } from './sequential/percentile-test.js';
import { found, ground, type Subject, strength } from './sequential/sentence.js';
import { unlikeDeclared } from './sequential/split.js';
import { errorPairs, overdispersionOf, testsOf } from './sequential/tests-of.js';
import { count, missingIn, shortOf, showAll } from './words.js';

/**
 * Tests that may be looked at as often as one likes, over all windows since the candidate entered: a candidate fails when
 * the evidence of harm on the whole has reached 1/α at any look, and passes when every objective has that evidence that
 * it is no worse. Neither time nor the number of looks makes false alarms more frequent than the settings say.
 *
 * E-values of several objectives are averaged, which is valid however they depend on each other; of several
 * candidates each has its part of α. See stats/ for what is computed of counts, means, percentiles and gauges.
 *
 * @see Vovk, Wang, "E-values: Calibration, combination and applications", Ann. Stat. 2021, arXiv 1912.06116
 */
export const sequential = {
  id: 'sequential',
  windows: 'analysis',
  refuses,
  judge: (input) => judgeEach(input, judgeOne),
  loadCase: async () => (await import('./sequential-case.js')).answerSequentialCase,
} as const satisfies Judge;

const FALSE_ROLLBACK = 0.01;
const FALSE_PROMOTION = 0.05;

/** Returns why an objective cannot be tested; see `Judge.refuses`. */
function refuses(objective: Objective, { comparable }: { readonly comparable: boolean }): Refusal | undefined {
  const { metric, upperLimit, lowerLimit, maxRatio, minRatio, harm, nonInferiority } = objective;
  if (metric === 'request-count' && (lowerLimit === undefined || upperLimit !== undefined)) {
    const hint = 'Give it a lowerLimit alone: what a candidate must have answered before it passes.';
    return { message: 'limits a count that grows with time', hint };
  }
  if (latencyQuantile(metric) !== undefined && minRatio !== undefined) {
    return { message: 'has a minRatio, which no bucket tells of', hint: 'Give it a lowerLimit in milliseconds.' };
  }
  if (metric === 'error-rate' && upperLimit === 0) {
    const hint = 'Give the share that you can live with, such as 0.0001, or choose the judge threshold.';
    return { message: 'has an upperLimit of 0, which no number of requests can prove', hint };
  }
  const relative = maxRatio ?? minRatio ?? harm ?? nonInferiority;
  if (comparable || (relative === undefined && (upperLimit ?? lowerLimit) !== undefined)) return undefined;
  const hint = 'The match sends other people to the candidate: give it an upperLimit or a lowerLimit alone.';
  return { message: 'compares the people of the match with everybody else', hint };
}

/** An objective with what it is tested by. */
interface Tested {
  readonly objective: Objective;
  readonly tests: readonly MetricTest[];
}

/** An objective with what was found of it. */
interface Finding extends Tested {
  readonly assessment: Assessment;
}

/** Natural logarithms of the evidence that is enough: of harm on the whole, of one test, and of no harm. */
interface Needed {
  readonly harm: number;
  readonly blame: number;
  readonly good: number;
}

function judgeOne(input: JudgeInput, candidate: string): Standing {
  const pairs = pairsOf(input, candidate);
  const tested = input.objectives.map((objective) => ({ objective, tests: testsOf(objective, pairs, input) }));
  const tests = tested.flatMap((each) => each.tests);
  const needed = neededFor(input, tests.length);
  const findings = tested.map((each) => ({ ...each, assessment: assess(each, pairs, needed) }));
  const subject = subjectOf(input, candidate, pairs);
  const split = unlikeDeclared(input, candidate);
  const assessments = [...findings.map(({ assessment }) => assessment), ...(split ? [split] : [])];
  const standing = (outcome: Standing['outcome'], sentence: string): Standing => {
    const exposure = input.comparable ? exposureOf(errorPairs(pairs), overdispersionOf(input)) : undefined;
    return { version: candidate, outcome, sentence, assessments, exposure };
  };

  const harm = highest(tests);
  if (harm >= needed.harm) {
    const known = findings.map(({ assessment }) => assessment);
    const blamed = known.filter(({ classification }) => classification === 'high' || classification === 'low');
    const what = (blamed.length > 0 ? blamed : known).map(found).join(' and ');
    return standing('fail', `${candidate} is worse: ${what}; ${strength(harm, needed.harm)}; ${ground(subject)}`);
  }
  const missing = missingOf(input, subject) ?? (split && offOf(split, input, candidate)) ?? untold(findings, candidate);
  if (missing !== undefined) return standing('inconclusive', missing);
  if (assessments.every(({ classification }) => classification === 'pass')) {
    const least = Math.min(...tests.map(({ nonInferiority }) => nonInferiority));
    const sure = tests.length > 0 ? `${strength(least, needed.good)}; ` : '';
    return standing(
      'pass',
      `${candidate} is no worse: ${assessments.map(found).join(' and ')}; ${sure}${ground(subject)}`,
    );
  }
  return standing('inconclusive', undecided(findings, { subject, needed }));
}

/** Each test has its part of the wealth, so that one alone is blamed only for what it shows alone. */
function neededFor({ candidates, settings }: JudgeInput, tests: number): Needed {
  const { falseRollback = FALSE_ROLLBACK, falsePromotion = FALSE_PROMOTION } = settings.sequential ?? {};
  const harm = Math.log(candidates.length / falseRollback);
  return { harm, blame: harm + Math.log(tests), good: Math.log(candidates.length / falsePromotion) };
}

function pairsOf({ ledger, baseline, comparable }: JudgeInput, candidate: string): Pair[] {
  return ledger.rows.map(({ versions }) => {
    const [own, other] = [versions[candidate], versions[baseline]];
    return {
      candidate: isSample(own) ? own : undefined,
      baseline: comparable && isSample(other) ? other : undefined,
    };
  });
}

/** Natural logarithm of the highest evidence of harm at any look, averaged over the tests. */
function highest(tests: readonly MetricTest[]): number {
  const share = Math.log(tests.length);
  let most = Number.NEGATIVE_INFINITY;
  for (let t = 0; t < (tests[0]?.harm.length ?? 0); t += 1) {
    most = Math.max(most, logSumExp(tests.map(({ harm }) => harm[t] as number)) - share);
  }
  return most;
}

function assess({ objective, tests }: Tested, pairs: readonly Pair[], needed: Needed): Assessment {
  const { metric, lowerLimit } = objective;
  const nothing = { metric, value: undefined, baseline: undefined, limit: undefined };
  if (metric === 'request-count') {
    const value = requestsOf(pairs, 'candidate');
    return { ...nothing, classification: value >= (lowerLimit ?? 0) ? 'pass' : 'nodata', value, limit: lowerLimit };
  }
  const [first] = tests;
  if (first === undefined) return { ...nothing, classification: 'nodata' };
  const worst = tests.reduce((a, b) => (mostOf(b.harm) > mostOf(a.harm) ? b : a), first);
  const least = tests.reduce((a, b) => (b.nonInferiority < a.nonInferiority ? b : a), first);
  const bad = mostOf(worst.harm) >= needed.blame;
  const { value, baseline, limit, goodLimit, ratio, difference } = bad ? worst : least;
  return {
    metric,
    classification: bad ? worst.worse : least.nonInferiority >= needed.good ? 'pass' : 'nodata',
    ...{ value, baseline, limit: bad ? limit : goodLimit, ratio, difference },
    harm: mostOf(worst.harm),
    nonInferiority: least.nonInferiority,
  };
}

function mostOf(harm: Float64Array): number {
  return harm.length === 0 ? 0 : harm.reduce((most, each) => Math.max(most, each));
}

function subjectOf(input: JudgeInput, candidate: string, pairs: readonly Pair[]): Subject {
  const shared = input.comparable ? pairs.filter((pair) => pair.baseline && pair.candidate) : pairs;
  return {
    baseline: input.baseline,
    candidate,
    requests: { baseline: requestsOf(shared, 'baseline'), candidate: requestsOf(shared, 'candidate') },
    assumed: input.history?.overdispersion === undefined && input.objectives.some(isCounted),
  };
}

/** Whether what is tested are counts, which spread. */
function isCounted({ metric }: Objective): boolean {
  return metric === 'error-rate' || latencyQuantile(metric) !== undefined;
}

function requestsOf(pairs: readonly Pair[], version: keyof Pair): number {
  return pairs.reduce((sum, pair) => sum + (pair[version]?.requests ?? 0), 0);
}

/** What keeps a candidate from passing, whatever its metrics say: the newest window, or too few requests. */
function missingOf({ ledger, comparable, minRequests }: JudgeInput, { baseline, candidate, requests }: Subject) {
  const newest = ledger.rows.at(-1);
  const names = comparable ? [baseline, candidate] : [candidate];
  if (newest === undefined || names.some((name) => !isSample(newest.versions[name]))) return missingIn(newest, names);
  if (requests.candidate < minRequests) return shortOf(candidate, requests.candidate, minRequests);
  return comparable && requests.baseline < minRequests ? shortOf(baseline, requests.baseline, minRequests) : undefined;
}

function offOf({ metric, value, limit, classification }: Assessment, input: JudgeInput, candidate: string): string {
  const [answered, declared] = showAll(metric, [value, limit]);
  const loser = classification === 'low' ? candidate : input.baseline;
  return `${candidate} answers ${answered} of the requests, while its route declares ${declared}: ${loser} loses requests, or the commit is not in the cluster yet`;
}

/** What else keeps a candidate from passing: an objective that nothing in the windows tells of, or none at all. */
function untold(findings: readonly Finding[], candidate: string): string | undefined {
  if (findings.length === 0) return `there is no objective to judge ${candidate} by`;
  const few = findings.find(({ assessment: { metric, classification } }) => {
    return metric === 'request-count' && classification === 'nodata';
  });
  if (few !== undefined) return shortOf(candidate, few.assessment.value ?? 0, few.assessment.limit ?? 0);
  const silent = findings.flatMap(({ assessment: { metric, value } }) => (value === undefined ? [metric] : []));
  return silent.length === 0 ? undefined : `no window tells of ${silent.join(' and ')} of ${candidate}`;
}

/** Says how many more requests it takes, if all goes on like this. */
function undecided(
  findings: readonly Finding[],
  { subject, needed }: { readonly subject: Subject; readonly needed: Needed },
): string {
  const open = findings.filter(({ assessment }) => assessment.classification !== 'pass');
  const what = open.map(({ assessment }) => found(assessment)).join(' and ');
  const least = Math.min(...open.flatMap(({ tests }) => tests.map(({ nonInferiority }) => nonInferiority)));
  const base = `${what}; ${strength(least, needed.good)}; ${ground(subject)}`;
  const times = open.flatMap(({ tests }) => tests.map(({ ahead }) => ahead(needed.good)));
  const known = times.filter((each) => each !== undefined);
  if (known.length < times.length || known.length === 0)
    return `${subject.candidate} is not yet shown to be no worse: ${base}`;
  const more = Math.ceil((Math.max(...known) - 1) * subject.requests.candidate);
  return `${subject.candidate} needs about ${count(Number(more.toPrecision(2)))} more requests to be shown no worse: ${base}`;
}
