import { describe, expect, test } from 'vitest';
import { ConfigError, formatProblems } from '../../src/errors.js';
import { loadValues } from '../../src/values/load.js';
import { loadProject, type Project } from '../../src/values/project.js';

const release = `environment: istio
application:
  strategy: blue-green
  versions:
  - {metadata: {name: v1}, image: registry.example/shop:v1, weight: 100}
  - {metadata: {name: v2}, image: registry.example/shop:v2, weight: 0}
`;

const shared = `namespace: shop
analyses:
  checkout:
    interval: 60s
    maxDuration: 2h
    judge: threshold
    threshold: {windows: each, failures: 2}
    objectives: [{metric: error-rate, upperLimit: 0.01}]
  part: {judge: kayenta, kayenta: {pass: 90, windows: 10}}
`;

const canary = {
  name: 'shop',
  applications: ['shop'],
  judge: { name: 'NetflixACAJudge-v1.0', judgeConfigurations: {} },
  metrics: [
    {
      name: 'HTTP errors',
      query: { type: 'prometheus', metricName: 'requests', labelBindings: [] },
      groups: ['errors'],
      analysisConfigurations: { canary: { direction: 'increase', critical: true, nanStrategy: 'replace' } },
    },
    { name: 'latency-mean', groups: ['latency'], analysisConfigurations: { canary: { direction: 'increase' } } },
  ],
  classifier: { groupWeights: { errors: 60, latency: 40 }, scoreThresholds: { pass: 80, marginal: 60 } },
};

const withConfig = `analyses:
  checkout:
    interval: 60s
    kayenta: {config: canary/shop.json, metrics: {HTTP errors: error-rate}, windows: 20}
`;

function projectOf(text: string, config?: unknown): Project {
  const json = JSON.stringify(config, null, 2);
  return loadProject(text, 'sluice.yaml', (file) => (config === undefined ? undefined : { text: json, file }));
}

function load(analysis: string, project: Project = projectOf(shared)) {
  const file = 'releases/shop/values.yaml';
  const { namespace, analyses } = project;
  return loadValues(`${release}${analysis}`, { file, name: 'shop', namespace, analyses });
}

function problemsOf(make: () => unknown): string {
  try {
    make();
  } catch (error) {
    if (error instanceof ConfigError) return formatProblems(error.problems);
  }
  return expect.fail('no ConfigError');
}

describe('analysis.use', () => {
  test('takes what sluice.yaml says of the analysis, and what the values say stands above it', () => {
    const { analysis } = load('analysis: {use: checkout}\n').release;
    expect(analysis).toMatchObject({ interval: 60, maxDuration: 7200, judge: 'threshold' });
    expect(analysis?.settings).toEqual({ threshold: { windows: 'each', failures: 2 } });
    const own = load('analysis: {use: checkout, maxIterations: 10, threshold: {failures: 4}}\n').release.analysis;
    expect(own).toMatchObject({ interval: 60, maxDuration: 600 });
    expect(own?.settings).toEqual({ threshold: { windows: 'each', failures: 4 } });
  });

  test('leaves the settings of another judge behind', () => {
    const { analysis } = load('analysis: {use: checkout, judge: sequential}\n').release;
    expect(analysis).toMatchObject({ judge: 'sequential', settings: {} });
  });

  test('takes an analysis that leaves something to the values', () => {
    const own = 'analysis: {use: part, interval: 60s, objectives: [{metric: error-rate}], kayenta: {marginal: 50}}\n';
    expect(load(own).release.analysis?.settings).toEqual({ kayenta: { pass: 90, windows: 10, marginal: 50 } });
    expect(problemsOf(() => load('analysis: {use: part, interval: 60s}\n'))).toContain(
      'releases/shop/values.yaml:7:11 analysis.objectives: is missing, here and in sluice.yaml:9',
    );
  });

  test('places what is wrong where it is written, and names who uses it', () => {
    const project = projectOf(shared.replace('upperLimit: 0.01', 'upperLimit: 5'));
    expect(problemsOf(() => load('analysis:\n  use: checkout\n', project))).toMatch(
      /^sluice\.yaml:8:\d+ analyses\.checkout\.objectives\[0\]\.upperLimit: is 5, .* \(used in releases\/shop\/values\.yaml:8\)\n/,
    );
    expect(problemsOf(() => load('analysis: {use: checkout, interval: 3h}\n'))).toMatch(
      /^releases\/shop\/values\.yaml:7:\d+ analysis\.interval: is 3h, above maxDuration, which is 2h/,
    );
  });

  test('names the analyses that there are', () => {
    expect(problemsOf(() => load('analysis: {use: chekout}\n'))).toBe(
      'releases/shop/values.yaml:7:17 analysis.use: is chekout, which analyses of sluice.yaml does not have\n  hint: Did you mean checkout? Allowed are: checkout, part.',
    );
    expect(problemsOf(() => load('analysis: {use: checkout, intervall: 60s}\n'))).toContain('is no known key');
  });

  test('is not looked up where nobody knows the project', () => {
    const text = `${release}analysis: {use: checkout}\nrollout: {policy: steps, steps: [5]}\n`;
    const { release: open, notices } = loadValues(text, { file: 'values.yaml', name: 'shop', namespace: 'shop' });
    expect(open.analysis).toBeUndefined();
    expect(notices.map(({ path }) => path)).toEqual(['analysis.use']);
    expect(
      problemsOf(() =>
        loadValues(`${release}analysis: {use: a, judge: b}\n`, { file: 'v', name: 'shop', namespace: 'n' }),
      ),
    ).toContain('analysis.judge: is "b"');
  });
});

describe('kayenta.config', () => {
  test('makes objectives of the metrics, with all that Kayenta is told of them', () => {
    const { analysis } = load('analysis: {use: checkout}\n', projectOf(withConfig, canary)).release;
    expect(analysis).toMatchObject({ judge: 'kayenta', interval: 60 });
    expect(analysis?.objectives.map(({ metric }) => metric)).toEqual(['error-rate', 'latency-mean']);
    expect(analysis?.objectives[0]?.kayenta).toMatchObject({
      ...{ groups: ['errors'], critical: true, nanStrategy: 'replace', direction: 'increase' },
    });
    expect(analysis?.settings.kayenta).toEqual({
      ...{ windows: 20, pass: 80, marginal: 60, groupWeights: { errors: 60, latency: 40 } },
    });
  });

  test.each<[string, object, string]>([
    [
      'a metric that nobody tells',
      { metrics: [{ name: 'CPU', groups: ['a'] }] },
      'metrics[0].name: is "CPU", which is no metric here',
    ],
    [
      'another judge',
      { judge: { name: 'StaticBaselineJudge-v1.0' } },
      'judge.name: is "StaticBaselineJudge-v1.0", another judge than NetflixACAJudge-v1.0\n  hint: Only its decisions',
    ],
    [
      'settings of the judge',
      { judge: { name: 'NetflixACAJudge-v1.0', judgeConfigurations: { a: 1 } } },
      'judge.judgeConfigurations: is not empty',
    ],
    [
      'a key that is foreign',
      { extendedProperties: { staticBaseline: 300 } },
      'extendedProperties: is no known key\n  hint: Take it out, where the judgement can do without. Allowed are: name, ',
    ],
    [
      'a key that is misspelt',
      { metrics: [{ name: 'latency-mean', groups: ['a'], analysisConfigurations: { canary: { critcal: true } } }] },
      'canary.critcal: is no known key\n  hint: Did you mean critical? Allowed are: direction, nanStrategy, outliers, ',
    ],
    [
      'another scope',
      { metrics: [{ name: 'latency-mean', groups: ['a'], scopeName: 'zone' }] },
      'metrics[0].scopeName: is "zone"',
    ],
    ['a metric without a group', { metrics: [{ name: 'latency-mean' }] }, 'is empty, so the metric counts in no score'],
    [
      'a wrong word',
      { metrics: [{ name: 'latency-mean', groups: ['a'], analysisConfigurations: { canary: { direction: 'up' } } }] },
      'metrics[0].analysisConfigurations.canary.direction: is "up"',
    ],
  ])('refuses %s where it stands', (_, changed, told) => {
    const text = withConfig.replace(
      ', metrics: {HTTP errors: error-rate}',
      'metrics' in changed ? '' : ', metrics: {HTTP errors: error-rate}',
    );
    const problems = problemsOf(() => projectOf(text, { ...canary, ...changed }));
    expect(problems).toContain(told);
    expect(problems).toMatch(/^canary\/shop\.json:\d+:\d+ /);
  });

  test('refuses a metric that no column of the file has, where the file is there', () => {
    const text = `metrics: {source: file, path: windows.csv}\n${withConfig}`;
    const config = { ...canary, metrics: [{ name: 'Latency', groups: ['errors'] }, canary.metrics[0]] };
    const load = (columns: string) => () =>
      loadProject(text, 'sluice.yaml', (file) => {
        if (file !== 'windows.csv') return { text: JSON.stringify(config, null, 2), file };
        const row = `end,version,requests,errors,latencySum${columns}\n600,v1,1,0,1${columns && ',7'}\n`;
        return columns === '-' ? undefined : { text: row, file };
      });
    expect(problemsOf(load(',heap'))).toMatch(
      /^canary\/shop\.json:\d+:\d+ metrics\[0\]\.name: is "Latency", which is no metric here\n.*available-replicas, heap\.$/,
    );
    expect(load(',Latency')).not.toThrow();
    expect(load('-')).not.toThrow();
  });

  test('says where a config is no JSON', () => {
    const read = (file: string) => ({ text: '{\n  "name": "shop",\n}\n', file });
    expect(problemsOf(() => loadProject(withConfig, 'sluice.yaml', read))).toMatch(
      /^canary\/shop\.json:3:1 is no JSON: Expected double-quoted property name\n {2}hint: Mend it there/,
    );
  });

  test('refuses weights that do not sum to 100, with the file that says so', () => {
    const config = { ...canary, classifier: { groupWeights: { errors: 60, latency: 20 } } };
    expect(problemsOf(() => load('analysis: {use: checkout}\n', projectOf(withConfig, config)))).toMatch(
      /^canary\/shop\.json:\d+:\d+ classifier\.groupWeights: sum to 80 and not to 100 \(used in releases\/shop\/values\.yaml:7\)/,
    );
  });

  test('refuses in sluice.yaml what does not go with it', () => {
    expect(problemsOf(() => projectOf(withConfig))).toMatch(
      /^sluice\.yaml:4:\d+ analyses\.checkout\.kayenta\.config: is canary\/shop\.json, which is not there/,
    );
    expect(problemsOf(() => projectOf(withConfig.replace('canary/shop.json', '../shop.json'), canary))).toContain(
      'leaves the folder of sluice.yaml',
    );
    const judged = withConfig.replace('interval: 60s', 'judge: threshold');
    expect(problemsOf(() => projectOf(judged, canary))).toContain(
      'judge: is threshold, but a canary config is for the judge kayenta',
    );
    const mapped = withConfig.replace('HTTP errors', 'HTTP error');
    expect(problemsOf(() => projectOf(mapped, canary))).toContain('Did you mean HTTP errors?');
  });
});
