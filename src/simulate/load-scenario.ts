import type { Contradiction } from '../release/contradiction.js';
import { gaugesIn } from '../release/evaluation.js';
import { checkEvaluation } from '../values/check-evaluation.js';
import { checkShape } from '../values/check-shape.js';
import { seconds } from '../values/duration.js';
import { resolve } from '../values/resolve.js';
import { configError, parseSourceText } from '../values/source-text.js';
import type { Values } from '../values/values.js';
import type { Scenario } from './scenario.js';
import { resolveScenario, ScenarioFile } from './scenario-file.js';

/**
 * Reads the text of a scenario.
 *
 * @throws ConfigError with every problem at once, as file, line, column and path
 */
export function loadScenario(text: string, file: string): Scenario {
  const source = parseSourceText(text, file);
  const written = checkShape(source, ScenarioFile);
  const scenario = resolveScenario(written);
  const found = [...checkTraffic(written), ...checkService(written, scenario), ...checkJudged(written, scenario)];
  if (found.length > 0)
    throw configError(found.map(({ path, message, hint }) => source.problem(path, message, { hint })));
  return scenario;
}

const shapeOf = { swing: 'diurnal', bursts: 'bursts' } as const;

function checkTraffic({ traffic }: ScenarioFile): Contradiction[] {
  const { shape = 'flat', bursts } = traffic;
  const unread = Object.entries(shapeOf).flatMap(([key, needed]): Contradiction[] => {
    if (traffic[key as keyof typeof shapeOf] === undefined || shape === needed) return [];
    const hint = `Write shape: ${needed}, or take it out.`;
    return [{ path: ['traffic', key], message: `has no effect with the shape ${shape}`, hint }];
  });
  const { every = '20m', duration = '2m' } = bursts ?? {};
  if (seconds(duration) < seconds(every)) return unread;
  const message = `is ${duration}, not below every, which is ${every}`;
  return [
    ...unread,
    { path: ['traffic', 'bursts', 'duration'], message, hint: 'A burst ends before the next begins.' },
  ];
}

function checkService({ regression }: ScenarioFile, { baseline }: Scenario): Contradiction[] {
  const { p50, p95 } = baseline.latency;
  const path = ['baseline', 'latency', 'p95'];
  const spread: Contradiction[] =
    p95 > p50 ? [] : [{ path, message: `is ${p95}, not above p50, which is ${p50}`, hint: 'Give it more.' }];
  if (regression === undefined) return spread;
  const { errorRate = 0, latency = 1 } = regression;
  const hint =
    'Give errorRate, such as 0.01 for one percentage point more, or latency, such as 1.25 times; or take it out.';
  if (errorRate === 0 && latency === 1) return [...spread, { path: ['regression'], message: 'changes nothing', hint }];
  if (baseline.errorRate + errorRate <= 1) return spread;
  const message = `is ${errorRate}, which with the ${baseline.errorRate} of the baseline is more than all requests`;
  return [...spread, { path: ['regression', 'errorRate'], message, hint: 'It is added: give less.' }];
}

/** As the values of a release would be refused. */
function checkJudged({ analysis, rollout }: ScenarioFile, scenario: Scenario): Contradiction[] {
  const anybody = { match: undefined, matches: undefined };
  const versions = [
    { image: 'primary', weight: 100, ...anybody },
    { image: 'candidate', weight: 0, ...anybody },
  ];
  const application = { strategy: 'blue-green', versions, ...anybody };
  const values: Values = { environment: 'istio', application, gateway: undefined, analysis, rollout };
  const found = checkEvaluation(values, resolve(values, { name: 'simulated', namespace: 'default' }));
  const gauges = gaugesIn(scenario.analysis);
  const unknown = (['objectives', 'rewards'] as const).flatMap((list) =>
    scenario.analysis[list].flatMap(({ metric }, position): Contradiction[] => {
      if (!gauges.includes(metric)) return [];
      const hint = 'Allowed are: request-count, error-rate, latency-mean and percentiles such as latency-p95.';
      return [{ path: ['analysis', list, position, 'metric'], message: `is ${metric}, which is not simulated`, hint }];
    }),
  );
  const fresh: Contradiction[] =
    scenario.analysis.baseline === 'fresh'
      ? [
          {
            path: ['analysis', 'baseline'],
            message: 'is fresh, which is not simulated: two versions divide the requests',
            hint: 'Write primary, or take it out; pods.primary and pods.candidate make both alike.',
          },
        ]
      : [];
  return [...found, ...unknown, ...fresh];
}
