import fc from 'fast-check';
import { expect } from 'vitest';
import { environments } from '../../src/environments/registry.js';
import { ConfigError } from '../../src/errors.js';
import type { Environment } from '../../src/release/environment.js';
import type { Json } from '../../src/release/json.js';
import type { Strategy } from '../../src/release/strategy.js';
import { strategies } from '../../src/strategies/registry.js';
import { toYaml } from '../../src/synth/yaml-writer.js';
import { type LoadedValues, loadValues } from '../../src/values/load.js';
import { supports } from '../../src/values/lookup.js';
import { type Cell, releasesOf, type WrittenValues } from './releases.js';

/** Every environment with every strategy that it can carry out. */
export const cells = Object.values<Environment>(environments).flatMap((environment) =>
  Object.values<Strategy>(strategies)
    .filter((strategy) => supports(environment, strategy))
    .map((strategy) => ({ environment, strategy, title: `${environment.id} x ${strategy.id}` })),
);

const FILE = 'values.yaml';

/** Returns the values as they are loaded for the release `shop`. */
export function loaded(values: object): LoadedValues {
  return loadedText(toYaml(values as Json));
}

export function loadedText(text: string): LoadedValues {
  return loadValues(text, { file: FILE, name: 'shop', namespace: 'default' });
}

/** Returns the values as they are loaded, or undefined where they are refused as they should be: with positions. */
export function accepted(values: object): LoadedValues | undefined {
  return acceptedText(toYaml(values as Json));
}

export function acceptedText(text: string): LoadedValues | undefined {
  try {
    return loadedText(text);
  } catch (error) {
    expectPositions(error, text);
    return undefined;
  }
}

/** Every problem says where, in words that end and with a hint that does too. */
function expectPositions(error: unknown, text: string): void {
  if (!(error instanceof ConfigError)) throw error;
  const lines = text.split('\n');
  expect(error.problems).not.toEqual([]);
  for (const { file, line = 0, column = 0, message, hint } of error.problems) {
    expect(file).toBe(FILE);
    expect(line).toBeGreaterThanOrEqual(1);
    expect(line).toBeLessThanOrEqual(lines.length);
    expect(column).toBeGreaterThanOrEqual(1);
    expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 1);
    expect(message).toMatch(/[^.\s]$/);
    expect(hint ?? 'None.').toMatch(/[.?]$/);
  }
}

export interface LawOptions {
  /**
   * Releases that are tried.
   * @default 40
   */
  readonly runs?: number;
  /**
   * The least share of them that must be accepted and not be skipped, so that a law says something. In every cell at
   * least a third are, as releases.test.ts measures: chance practically never draws fewer than one in twenty.
   * @default 0.05
   */
  readonly share?: number;
}

/** A law returns false where it says nothing of this release. */
export type Law<Extra> = (release: LoadedValues, values: WrittenValues, extra: Extra) => unknown;

/**
 * Checks a law on random releases of a cell, with something random beside each.
 *
 * @returns of how many the law said something
 */
export function holds<Extra>(
  cell: Cell,
  extras: fc.Arbitrary<Extra>,
  law: Law<Extra>,
  options: LawOptions = {},
): number {
  const { runs = 40, share = 0.05 } = options;
  let tried = 0;
  let said = 0;
  fc.assert(
    fc.property(releasesOf(cell), extras, (values, extra) => {
      tried += 1;
      const release = accepted(values);
      if (release !== undefined && law(release, values, extra) !== false) said += 1;
    }),
    { numRuns: runs },
  );
  expect(said / tried).toBeGreaterThanOrEqual(share);
  return said;
}
