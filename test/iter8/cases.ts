import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import type { JsonObject } from '../../src/release/json.js';
import { manifestsOf } from '../../src/synth/manifests.js';
import { loadValues } from '../../src/values/load.js';

/** A values file of Iter8's chart and the objects that Iter8 makes of it. */
export interface Case {
  readonly name: string;
  readonly expected: readonly JsonObject[];
  /** Renders the values as sluice does. */
  render(): JsonObject[];
}

/** What Helm knows of a release beside its values. */
interface HelmRelease {
  readonly name: string;
  readonly namespace: string;
}

/** Our own cases, whose objects follow from the rules of Iter8's chart: `fixtures/<case>/{values,expected}.yaml`. */
export const ownCases = casesIn(fileURLToPath(new URL('fixtures', import.meta.url)), () => ({
  name: 'atlas',
  namespace: 'floor',
}));

/** Where cases lie that Iter8 itself made; another place may be given. */
export const sharedFolder =
  process.env.SLUICE_ITER8_CASES ?? fileURLToPath(new URL('../../../shared/iter8/cases', import.meta.url));

/** The cases that Iter8 itself made, where they are. */
export const sharedCases = existsSync(sharedFolder)
  ? casesIn(sharedFolder, (name) => ({
      name: /^(kserve|modelmesh)/.test(name) ? 'iris' : 'shop',
      namespace: 'default',
    }))
  : [];

function casesIn(folder: string, releaseOf: (name: string) => HelmRelease): Case[] {
  return readdirSync(folder).map((name) => {
    const file = join(folder, name, 'values.yaml');
    const expectedFile = join(folder, name, 'expected.yaml');
    const values = readFileSync(file, 'utf8');
    return {
      name,

      expected: documentsOf(readFileSync(expectedFile, 'utf8')),
      render: () => manifestsOf(loadValues(values, { file, ...releaseOf(name) }).release),
    };
  });
}

function documentsOf(text: string): JsonObject[] {
  const documents = parseAllDocuments(text, { version: '1.1' });
  return [...documents].flatMap((document) => (document.contents === null ? [] : [document.toJS() as JsonObject]));
}
