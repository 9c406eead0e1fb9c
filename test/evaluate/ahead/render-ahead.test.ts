import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { istio } from '../../../src/environments/istio.js';
import { ConfigError } from '../../../src/errors.js';
import { assertPassable, renderStep } from '../../../src/evaluate/ahead/render-ahead.js';
import { stepsAhead } from '../../../src/evaluate/ahead/steps-ahead.js';
import type { Environment } from '../../../src/release/environment.js';
import { candidatesOf, type ReleaseModel } from '../../../src/release/model.js';
import { manifestsOf } from '../../../src/synth/manifests.js';
import { applyEdits } from '../../../src/values/edit.js';
import { type LoadedValues, loadValues, reloadValues } from '../../../src/values/load.js';
import { defaultRegistry } from '../../../src/values/lookup.js';
import { root } from '../../docs/pages.js';
import { release } from './release.js';

const steps = 'policy: steps, steps: [5, 50]';

/** Values in Istio's environment, which refuses or fails to render what is said. */
function loadedIn(change: Partial<Environment>, text = release({ rollout: steps })): LoadedValues {
  const environments = { ...defaultRegistry.environments, istio: { ...istio, ...change } };
  const registry = { ...defaultRegistry, environments };
  return loadValues(text, { file: 'values.yaml', name: 'reviews', namespace: 'default', registry });
}

function errorOf(work: () => void): ConfigError {
  try {
    work();
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

const refusing = (isRefused: (model: ReleaseModel) => boolean): Partial<Environment> => ({
  refuses(model, plan) {
    const path = ['application', 'versions', 1, 'image'];
    const refusal = { path, message: 'is not to be had', hint: 'Ask for another.' };
    return isRefused(model) ? [refusal] : istio.refuses(model, plan);
  },
});

describe('renderStep()', () => {
  test.each([steps, 'policy: risk-budget', 'policy: uniform'])('has what the edited text would have: %s', (rollout) => {
    const loaded = loadedIn({}, release({ rollout }));
    const all = stepsAhead(loaded, 'reviews-v2');
    expect(all.length).toBeGreaterThan(2);
    for (const step of all) {
      const text = applyEdits(loaded.text, step.edits, { file: loaded.file });
      const { release: expected, values } = reloadValues(loaded, text);
      const then = renderStep(loaded, step);
      expect(then.loaded.values).toEqual(values);
      expect(then.manifests).toEqual(manifestsOf(expected));
    }
  });
});

const templates = join(root, 'templates', 'values');
const evaluated = readdirSync(templates).filter((name) => !name.endsWith('-none.yaml'));

/** A template with an analysis; in all of them everything can be promoted. */
function templateOf(name: string): LoadedValues {
  const text = readFileSync(join(templates, name), 'utf8').replace(/^(analysis|rollout):(.*\n)( .*\n|\n)*/gm, '');
  const rollout = `rollout: {policy: steps, steps: ${name.includes('canary') ? '[100]' : '[10, 50]'}}\n`;
  const analysis = 'analysis: {interval: 60s, objectives: [{metric: error-rate, upperLimit: 0.01}]}\n';
  return loadValues(`${text}\n${analysis}${rollout}`, { file: name, name: 'reviews', namespace: 'default' });
}

describe('assertPassable()', () => {
  test.each(evaluated)('lets the candidates of %s go all the way', (name) => {
    const loaded = templateOf(name);
    const candidates = candidatesOf(loaded.release.model).map((each) => each.name);
    expect(candidates.length).toBeGreaterThan(0);
    for (const candidate of candidates) expect(stepsAhead(loaded, candidate).at(-1)?.kind).toBe('promotion');
    expect(() => assertPassable(loaded, candidates)).not.toThrow();
  });

  test('lets through who can go all the way', () => {
    expect(() => assertPassable(loadedIn({}), ['reviews-v2'])).not.toThrow();
  });

  test('names the promotion, the rule, its place and what to do', () => {
    const loaded = loadedIn(refusing(({ primary }) => primary === 'reviews-v2'));
    const error = errorOf(() => assertPassable(loaded, ['reviews-v2']));
    expect(error).toMatchObject({
      code: 'evaluate/step-ahead',
      path: 'values.yaml',
      message: expect.stringContaining('Cannot let reviews-v2 in as planned: its promotion would be refused'),
      problems: [
        {
          ...{ file: 'values.yaml', line: 6, path: 'application.versions[1].image', hint: 'Ask for another.' },
          message: 'is not to be had (at the promotion of reviews-v2, so it is not let in)',
        },
      ],
    });
  });

  test('names the first share that is refused', () => {
    const loaded = loadedIn(
      refusing(({ versions }) => (versions[1]?.weight ?? 0) >= 20),
      release({}),
    );
    const { message } = errorOf(() => assertPassable(loaded, ['reviews-v2'])).problems[0] ?? {};
    expect(message).toBe('is not to be had (at 20 % for reviews-v2, so it is not let in)');
  });

  test('says what cannot be written in place', () => {
    const text = release({ rollout: steps }).replace('  versions:', '  primary: >-\n    reviews-v1\n  versions:');
    expect(errorOf(() => assertPassable(loadedIn({}, text), ['reviews-v2'])).problems).toMatchObject([
      { line: 4, path: 'application.primary', message: expect.stringContaining('is a block scalar') },
    ]);
  });

  test('says where valid values do not render', () => {
    const loaded = loadedIn({
      render(scope, model, plan) {
        if (model.primary === 'reviews-v2') throw new TypeError('no such kind');
        istio.render(scope, model, plan);
      },
    });
    expect(() => assertPassable(loaded, ['reviews-v2'])).toThrow(
      'Cannot render values.yaml with reviews-v2 at promotion as valid values are: no such kind',
    );
  });
});
