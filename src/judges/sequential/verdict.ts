import { isSample, type Objective, percentileOf } from '../../release/evaluation.js';
import type { Assessment, JudgeInput, Pace, Standing, Verdict } from '../../release/judge.js';
import { ownMetric } from '../../release/own-metric.js';
import { logSumExp } from '../../stats/log-sum-exp.js';
import { judgeEach } from '../judge-each.js';
import { count, missingIn, shortOf, showAll } from '../words.js';
import { exposureOf } from './exposure.js';
import type { MetricTest, Pair } from './metric-test.js';
import { found, ground, type Subject, strength } from './sentence.js';
import { unlikeDeclared } from './split.js';
import { errorPairs, overdispersionOf, samplesFor, testsOf } from './tests-of.js';

const FALSE_ROLLBACK = 0.01;
const FALSE_PROMOTION = 0.05;

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

/**
 * Judges every candidate by itself; see `sequential`.
 *
 * @throws InternalError for numbers that cannot be
 */
export function verdictOf(input: JudgeInput): Verdict {
  return judgeEach(input, judgeOne);
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
    const pace = exposure && slowest(tests, needed.good);
    return { version: candidate, outcome, sentence, assessments, exposure: exposure && { ...exposure, pace } };
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
  return standing('inconclusive', undecided(findings, { subject, needed, brief: input.brief }));
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

/** All have to pass; undefined where one cannot tell. */
function slowest(tests: readonly MetricTest[], needed: number): Pace | undefined {
  const paces = tests.map(({ pace }) => pace?.(needed));
  const known = paces.filter((each) => each !== undefined);
  if (known.length < paces.length || known.length === 0) return undefined;
  return { now: Math.max(...known.map(({ now }) => now)), doubled: Math.max(...known.map(({ doubled }) => doubled)) };
}

/** Natural logarithm of the highest evidence of harm at any look, averaged over the tests. */
function highest(tests: readonly MetricTest[]): number {
  const share = Math.log(tests.length);
  const now = new Float64Array(tests.length);
  let most = Number.NEGATIVE_INFINITY;
  for (let t = 0; t < (tests[0]?.harm.length ?? 0); t += 1) {
    for (let i = 0; i < tests.length; i += 1) now[i] = tests[i]?.harm[t] as number;
    most = Math.max(most, logSumExp(now) - share);
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
  const { value, baseline, limit, goodLimit, ratio, difference, resolved, goodResolved } = bad ? worst : least;
  return {
    metric,
    classification: bad ? worst.worse : least.nonInferiority >= needed.good ? 'pass' : 'nodata',
    ...{ value, baseline, limit: bad ? limit : goodLimit, ratio, difference },
    resolved: bad ? resolved : goodResolved,
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
    spread: spreadOf(input, pairs),
  };
}

/** Where it is known from how much pods differ; undefined where nothing is tested that depends on it. */
function spreadOf({ history, objectives }: JudgeInput, pairs: readonly Pair[]): Subject['spread'] {
  const counted = objectives.filter((each) => isCounted(each, pairs));
  if (counted.length === 0) return undefined;
  return counted.every(({ metric }) => history?.overdispersion?.[metric] !== undefined) ? 'measured' : 'assumed';
}

/** Whether what is tested are counts, which spread. */
function isCounted({ metric }: Objective, pairs: readonly Pair[]): boolean {
  const like = ownMetric(metric, samplesFor(metric, pairs))?.like ?? metric;
  return like === 'error-rate' || percentileOf(like) !== undefined;
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
  {
    subject,
    needed,
    brief = false,
  }: Pick<JudgeInput, 'brief'> & { readonly subject: Subject; readonly needed: Needed },
): string {
  const open = findings.filter(({ assessment }) => assessment.classification !== 'pass');
  const what = open.map(({ assessment }) => found(assessment)).join(' and ');
  const least = Math.min(...open.flatMap(({ tests }) => tests.map(({ nonInferiority }) => nonInferiority)));
  const base = `${what}; ${strength(least, needed.good)}; ${ground(subject)}`;
  const times = brief ? [] : open.flatMap(({ tests }) => tests.map(({ ahead }) => ahead(needed.good)));
  const known = times.filter((each) => each !== undefined);
  if (known.length < times.length || known.length === 0)
    return `${subject.candidate} is not yet shown to be no worse: ${base}`;
  const more = Math.ceil((Math.max(...known) - 1) * subject.requests.candidate);
  return `${subject.candidate} needs about ${count(Number(more.toPrecision(2)))} more requests to be shown no worse: ${base}`;
}
