import { describe, expect, test } from 'vitest';
import { ConfigError, type Problem } from '../../../src/errors.js';
import { readCanaryConfig } from '../../../src/judges/kayenta/canary-config.js';
import { configOf } from './cases.js';

function problemsOf(json: unknown): readonly Problem[] {
  try {
    readCanaryConfig(json, 'canary.json');
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
  }
  return expect.fail('no ConfigError');
}

/** A config as Kayenta stores it, with a template of its own. */
const stored = {
  name: 'shop',
  description: 'latency and errors',
  configVersion: '1',
  applications: ['shop'],
  judge: { name: 'NetflixACAJudge-v1.0', judgeConfigurations: {} },
  metrics: [
    {
      name: 'errors',
      query: {
        type: 'prometheus',
        metricName: 'requests:errors',
        labelBindings: ['job="${job}"'],
        groupByFields: ['pod'],
        customFilterTemplate: 'by-job',
        serviceType: 'prometheus',
      },
      groups: ['errors'],
      analysisConfigurations: {
        canary: { direction: 'increase', critical: true, effectSize: { allowedIncrease: 1.1 } },
      },
      scopeName: 'default',
    },
  ],
  templates: { 'by-job': 'job="${job}"' },
  classifier: { groupWeights: { errors: 100 }, scoreThresholds: { pass: 90, marginal: 70 } },
};

describe('readCanaryConfig()', () => {
  test('keeps a stored config, the queries and templates as they are', () => {
    const { config, remarks } = readCanaryConfig(stored, 'canary.json');
    expect(remarks).toEqual([]);
    expect(config).toMatchObject(stored);
  });

  test('has the defaults of Kayenta', () => {
    const { config, remarks } = readCanaryConfig({ metrics: [{ name: 'm' }] }, 'canary.json');
    expect(remarks).toEqual([]);
    expect(config.classifier).toEqual({ groupWeights: {} });
    expect(config.judge.name).toBe('NetflixACAJudge-v1.0');
    expect(config.metrics).toEqual([
      {
        name: 'm',
        groups: [],
        scopeName: 'default',
        analysisConfigurations: {
          canary: {
            direction: 'either',
            nanStrategy: 'remove',
            outliers: { strategy: 'keep', outlierFactor: 3 },
            effectSize: { measure: 'meanRatio' },
            critical: false,
            mustHaveData: false,
            muted: false,
          },
        },
      },
    ]);
  });

  test('remarks on foreign keys wherever they are, and takes the rest', () => {
    const canary = { direction: 'increase', criticality: 'high', outliers: { factor: 2 } };
    const metric = { name: 'm', id: 7, analysisConfigurations: { canary, other: {} } };
    const { config, remarks } = readCanaryConfig({ isNew: true, metrics: [metric] }, 'canary.json');
    expect(remarks.map(({ path, message }) => `${path}: ${message}`)).toEqual([
      'isNew: has no effect here',
      'metrics.0.id: has no effect here',
      'metrics.0.analysisConfigurations.canary.criticality: has no effect here',
      'metrics.0.analysisConfigurations.canary.outliers.factor: has no effect here',
      'metrics.0.analysisConfigurations.other: has no effect here',
    ]);
    expect(config.metrics[0]?.analysisConfigurations.canary.direction).toBe('increase');
  });

  test('keeps the name of another judge and remarks on it', () => {
    const { config, remarks } = readCanaryConfig({ judge: { name: 'dredd-v2' } }, 'canary.json');
    expect(config.judge.name).toBe('dredd-v2');
    expect(remarks).toEqual([
      { path: 'judge.name', message: '"dredd-v2" is kept, but judged is as NetflixACAJudge-v1.0 does' },
    ]);
  });

  test.each([
    [{ direction: 'up' }, 'direction', 'is "up"', 'increase, decrease, either'],
    [{ nanStrategy: 'none' }, 'nanStrategy', 'is "none"', 'remove, replace'],
    [{ outliers: { strategy: 'drop' } }, 'outliers.strategy', 'is "drop"', 'keep, remove'],
    [{ effectSize: { measure: 'cohenD' } }, 'effectSize.measure', 'is "cohenD"', 'meanRatio, cles'],
  ])('names what is allowed instead of %j', (analysis, key, message, allowed) => {
    const [problem] = problemsOf({ metrics: [{ name: 'm', analysisConfigurations: { canary: analysis } }] });
    const path = `metrics.0.analysisConfigurations.canary.${key}`;
    expect(problem).toEqual({ file: 'canary.json', path, message, hint: `Allowed are: ${allowed}.` });
  });

  test('tells all that is wrong at once', () => {
    const canary = { critical: 'yes', outliers: { strategy: 'remove', outlierFactor: 0 } };
    const metrics = [{ groups: ['g'], analysisConfigurations: { canary } }];
    const problems = problemsOf({ metrics, classifier: { groupWeights: { g: '100' } } });
    expect(problems.map(({ path, message, hint }) => `${path} ${message}: ${hint}`)).toEqual([
      'metrics.0.name is missing: Give a text.',
      'metrics.0.analysisConfigurations.canary.outliers.outlierFactor is not above 0: Give a factor above 0, or keep the outliers.',
      'metrics.0.analysisConfigurations.canary.critical is "yes", not true or false: Give true or false.',
      'classifier.groupWeights.g is "100", not a number: Write it without quotes.',
    ]);
    expect(() => readCanaryConfig({ metrics }, 'canary.json')).toThrow(
      'Cannot use canary.json as a canary config: metrics.0.name is missing, and 2 more',
    );
  });

  test.each([
    [{ metrics: [{ name: 'm', groups: null }] }, 'is null, not a list', 'Give a list, or take it out for the default.'],
    [{ metrics: 'm' }, 'is "m", not a list', 'Give a list.'],
    [{ classifier: { groupWeights: { g: 'half' } } }, 'is "half", not a number', 'Give a number.'],
    [{ metrics: [{ name: '' }] }, 'is empty', 'Give it a name.'],
  ])('says what to do about %j', (config, message, hint) => {
    expect(problemsOf(config)).toMatchObject([{ message, hint }]);
  });

  test('takes any factor where no outlier is removed', () => {
    expect(() => configOf([{ outliers: { strategy: 'keep', outlierFactor: 0 } }])).not.toThrow();
  });

  test('refuses two metrics of one name', () => {
    const metrics = [{ name: 'a' }, { name: 'b' }, { name: 'a' }];
    expect(problemsOf({ metrics })).toEqual([
      {
        file: 'canary.json',
        path: 'metrics.2.name',
        message: 'is "a", as metrics.0.name is',
        hint: 'Give every metric a name of its own.',
      },
    ]);
  });

  test.each([[null], [[]], ['text'], [7]])('refuses %j', (json) => {
    expect(problemsOf(json)).toHaveLength(1);
  });
});
