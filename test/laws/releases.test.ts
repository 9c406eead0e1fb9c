import fc from 'fast-check';
import { expect, test } from 'vitest';
import { accepted, cells } from './accepted.js';
import { readers } from './readers.js';
import { releasesOf } from './releases.js';

test.each(cells)('releasesOf() gives releases that $title carries out often enough', (cell) => {
  const samples = fc.sample(releasesOf(cell), { numRuns: 120, seed: 4 });
  const carriedOut = samples.filter((values) => accepted(values) !== undefined);
  expect(carriedOut.length / samples.length).toBeGreaterThan(0.3);
  const versions = carriedOut.map(({ application }) => application.versions.length);
  // Where rules are ranked by specificity four versions rarely fit, and three where few kinds of matches do.
  const often = cell.environment.id in readers ? [1, 2, 3] : [1, 2];
  expect([...new Set(versions)]).toEqual(expect.arrayContaining(often));
});
