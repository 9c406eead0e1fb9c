import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/release/json.js';
import { manifestsOf } from '../../src/synth/manifests.js';
import { toYaml } from '../../src/synth/yaml-writer.js';
import { resolve } from '../../src/values/resolve.js';
import type { Values } from '../../src/values/values.js';
import { refusalsOf } from '../release-of.js';
import { DryRuns } from './dry-runs.js';
import { Istiod } from './istiod.js';
import { type Mutation, mutated, routedStarter } from './mutation.js';
import { mutations } from './mutations.js';

let dryRuns: DryRuns;
let istiod: Istiod;

beforeAll(async () => {
  dryRuns = await DryRuns.start({ generatedServices: true });
  istiod = await Istiod.start(dryRuns.server);
});

afterAll(async () => {
  await istiod?.stop();
  await dryRuns?.stop();
});

test.each([...new Set(mutations.map(({ starter }) => starter))])(
  'the servers and loadValues() take %s itself',
  async (starter) => {
    const values = routedStarter(starter);
    expect(await dryRuns.findings(unchecked(values))).toEqual([]);
    expect(refusalsOf(toYaml(values))).toEqual([]);
  },
);

describe.each(mutations)('$starter with $title', (mutation) => {
  test('is refused by the servers, once nothing checks it', () => expectServersRefuse(mutation));

  test('is refused by loadValues(), at its place', () => {
    const at = formatPlace(mutation.place);
    const near = refusalsOf(toYaml(mutated(mutation))).filter(
      (text) => text.startsWith(at) || at.startsWith(text.split(' ')[0] as string),
    );
    expect(near).not.toEqual([]);
  });
});

async function expectServersRefuse(mutation: Mutation): Promise<void> {
  const findings = await dryRuns.findings(unchecked(mutated(mutation)));
  expect(findings).toContainEqual(expect.stringMatching(/ is refused: Cannot PATCH \S+: (400|422|500) /));
}

function formatPlace(place: Mutation['place']): string {
  return place.map((part, i) => (typeof part === 'number' ? `[${part}]` : i === 0 ? part : `.${part}`)).join('');
}

/** Renders the values as if they had been found to be in order. */
function unchecked(values: JsonObject): readonly JsonObject[] {
  const release = resolve(values as unknown as Values, { name: 'shop', namespace: 'default' });
  return manifestsOf(release) as readonly JsonObject[];
}
