import { afterEach, describe, expect, it } from 'vitest';
import { manifestsOf } from '../../src/synth/manifests.js';
import { toYamlStream } from '../../src/synth/yaml-writer.js';
import { loadValues } from '../../src/values/load.js';
import { loadProject } from '../../src/values/project.js';
import { reviewsValues } from '../cli/workspace.js';
import { cpuTime } from '../cpu-time.js';

const identity = { file: 'values.yaml', name: 'reviews', namespace: 'default' };

function pathsOf(load: () => unknown): string[] {
  try {
    load();
  } catch (error) {
    return (error as { problems: { path: string; message: string }[] }).problems.map(
      ({ path, message }) => `${path}: ${message}`,
    );
  }
  return [];
}

/** Whatever a test does: objects stay as they are. */
afterEach(() => {
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect({}).not.toHaveProperty('polluted');
});

function unknown(key: string): string {
  return key === '__proto__' ? 'has the key __proto__, which is read nowhere' : `${key}: is no known key`;
}

describe('keys of prototypes', () => {
  it.each(['__proto__', 'constructor', 'prototype', 'hasOwnProperty', 'toString'])(
    'the key %s is unknown everywhere in values and in settings',
    (key) => {
      const poison = `${key}: {polluted: true}`;
      const values = [
        `${reviewsValues}${poison}\n`,
        reviewsValues.replace('application:', `application:\n  ${poison}`),
        reviewsValues.replace('application:', `application:\n  <<: {${poison}}`),
        reviewsValues.replace('image:', `${poison}\n    image:`),
        `${reviewsValues}analysis: {${poison}}\n`,
      ];
      for (const text of values) {
        expect(pathsOf(() => loadValues(text, identity))).toContainEqual(expect.stringContaining(unknown(key)));
      }
      for (const text of [`${poison}\n`, `git: {${poison}}\n`, `freeze: {reason: x, ${poison}}\n`]) {
        expect(pathsOf(() => loadProject(text, 'sluice.yaml'))).toContainEqual(expect.stringContaining(unknown(key)));
      }
    },
  );

  it.each(['__proto__', 'constructor', 'hasOwnProperty'])('the name %s is no entry of a registry', (name) => {
    const texts = [
      reviewsValues.replace('istio', name),
      reviewsValues.replace('blue-green', name),
      `${reviewsValues}analysis: {judge: ${name}, interval: 60s}\n`,
      `${reviewsValues}rollout: {policy: ${name}}\n`,
    ];
    for (const text of texts) {
      expect(pathsOf(() => loadValues(text, identity))).toContainEqual(expect.stringContaining(`is "${name}"`));
    }
    const source = `metrics: {source: ${name}, url: 'http://prometheus:9090'}\n`;
    expect(pathsOf(() => loadProject(source, 'sluice.yaml'))).toEqual([expect.stringContaining(`is "${name}"`)]);
  });

  it('such keys deep inside of an object of Kubernetes set nothing', () => {
    const overlay =
      'deploymentSpecification: {spec: {template: {spec: {containers: [{name: a, env: [{name: __proto__}]}]}}}}';
    const text = reviewsValues.replace(
      'weight: 100',
      `weight: 100\n    ${overlay.replace('name: a,', '__proto__: {polluted: 1}, name: a,')}`,
    );
    try {
      toYamlStream(manifestsOf(loadValues(text, identity).release));
    } catch (error) {
      expect(error).toHaveProperty('code');
    }
  });
});

describe('bombs', () => {
  it('aliases of aliases are refused at once', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let i = 1; i < 12; i += 1)
      lines.push(
        `a${i}: &a${i} [${Array(10)
          .fill(`*a${i - 1}`)
          .join(', ')}]`,
      );
    const start = cpuTime();
    expect(pathsOf(() => loadValues(`${lines.join('\n')}\n${reviewsValues}`, identity)).length).toBeGreaterThan(0);
    expect(cpuTime() - start).toBeLessThan(2_000);
  });

  it('an alias of what it stands in is refused', () => {
    expect(pathsOf(() => loadValues(`a: &a {b: *a}\n${reviewsValues}`, identity)).length).toBeGreaterThan(0);
  });

  it('a document 10,000 levels deep is refused at its depth', () => {
    const text = `a: ${'['.repeat(10_000)}${']'.repeat(10_000)}\n`;
    expect(pathsOf(() => loadValues(text, identity))).toEqual([expect.stringContaining('nested more than 100 levels')]);
  });

  it('a file above 1 MiB is refused', () => {
    expect(pathsOf(() => loadValues(`a: ${'x'.repeat(2 ** 20)}\n`, identity))).toEqual([
      expect.stringContaining('is too large'),
    ]);
  });

  it('a tag makes no object of a program', () => {
    for (const tag of ['!!js/function', '!!python/object/apply:os.system', '!ruby/object:Gem', '!!binary']) {
      expect(pathsOf(() => loadValues(`a: ${tag} 'x'\n${reviewsValues}`, identity)).length).toBeGreaterThan(0);
    }
  });
});
