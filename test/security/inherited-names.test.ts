import { expect, it } from 'vitest';
import { leafChanges } from '../../src/reports/leaf-changes.js';
import { ownColumns } from '../../src/sources/file.js';
import { loadValues } from '../../src/values/load.js';
import { loadProject } from '../../src/values/project.js';
import { evaluationValues, reviewsValues, ScratchWorkspace } from '../cli/workspace.js';

const identity = { file: 'values.yaml', name: 'reviews', namespace: 'default' };

/** What every object of JavaScript has, such as `constructor`, `toString` and `__proto__`. */
const inherited = Object.getOwnPropertyNames(Object.prototype);

function faultsOf(load: () => unknown): string[] {
  try {
    load();
  } catch (error) {
    return (error as { problems: { path: string; message: string }[] }).problems.map(
      ({ path, message }) => `${path}: ${message}`,
    );
  }
  return [];
}

const refused = (name: string) => `"${name}" is what something is called that every object of JavaScript has`;

const judgedBy = (metric: string) =>
  `${reviewsValues}${evaluationValues}`.replace(/objectives: .*/, `objectives: [{metric: ${metric}, upperLimit: 1}]`);

it.each(inherited)('no objective names the metric %s', (name) => {
  expect(faultsOf(() => loadValues(judgedBy(name), identity))).toEqual([
    `analysis.objectives[0].metric: ${refused(name)}`,
  ]);
});

it.each(inherited)('no metric of one\u2019s own is called %s', (name) => {
  const metrics = [
    `{source: prometheus, url: 'http://p', custom: {${name}: {kind: gauge, query: a}}}`,
    `{source: http-json, url: 'http://p', traffic: {requests: a, errors: b, latencySum: c}, custom: {${name}: {value: d}}}`,
  ];
  for (const text of metrics) {
    expect(faultsOf(() => loadProject(`metrics: ${text}\n`, 'sluice.yaml'))).toEqual([
      name === '__proto__'
        ? ': has the key __proto__, which is read nowhere'
        : `metrics.custom.${name}: ${refused(name)}`,
    ]);
  }
});

it.each(inherited)('columns that are called %s are those of a file, and no others are', (name) => {
  const header = 'end,version,requests,errors,latencySum';
  const without = ownColumns(`${header}\n600,v1,1,0,1\n`, 'windows.csv');
  expect(without?.has(`${name}-p95`)).toBe(false);
  const columns = `${name},own-${name}:count,own-${name}:events,${name}:count,${name}:upTo5`;
  const has = ownColumns(`${header},${columns}\n600,v1,1,0,1,7,2,1,2,1\n`, 'windows.csv')?.has;
  expect([name, `own-${name}`, `${name}-p95`].map((metric) => has?.(metric))).toEqual([true, true, true]);
});

it('no version and no release is called constructor, and an analysis may be', async () => {
  const named = reviewsValues.replace('{name: reviews-v2}', '{name: constructor}');
  expect(faultsOf(() => loadValues(named, identity))).toEqual([
    `application.versions[1].metadata.name: ${refused('constructor')}`,
  ]);

  expect(faultsOf(() => loadValues(reviewsValues, { ...identity, name: 'constructor' }))).toEqual([
    `application.metadata.name: ${refused('constructor')}`,
  ]);

  const { analyses } = loadProject('analyses: {other: {}}\n', 'sluice.yaml');
  const using = `${reviewsValues}analysis: {use: constructor}\n`;
  expect(faultsOf(() => loadValues(using, { ...identity, analyses }))).toEqual([
    'analysis.use: is constructor, which analyses of sluice.yaml does not have',
  ]);
  const workspace = await ScratchWorkspace.rendered({
    'sluice.yaml':
      'metrics: {source: file, path: windows.csv}\nanalyses: {constructor: {interval: 60s, judge: threshold, objectives: [{metric: error-rate, upperLimit: 0.1}]}}\n',
    'windows.csv': 'end,version,requests,errors,latencySum\n600,reviews-v1,1,0,1\n',
    'releases/reviews/values.yaml': using,
  });
  expect(await workspace.ran('metrics', 'reviews')).toContain('error-rate  built-in, objective');
});

it.each(inherited)('a label that is called %s is told where it comes, changes and goes', (name) => {
  const labels = (value: string) => JSON.parse(`{"${name}": "${value}"}`);
  expect(leafChanges({}, labels('a'), 'labels')).toEqual([`labels.${name}: unset → a`]);
  expect(leafChanges(labels('a'), labels('b'), 'labels')).toEqual([`labels.${name}: a → b`]);
  expect(leafChanges(labels('a'), {}, 'labels')).toEqual([`labels.${name}: a → unset`]);
});
