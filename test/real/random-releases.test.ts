import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/release/json.js';
import { manifestsOf } from '../../src/synth/manifests.js';
import type { LoadedValues } from '../../src/values/load.js';
import { accepted, cells } from '../laws/accepted.js';
import { type Cell, releasesOf } from '../laws/releases.js';
import { DryRuns } from './dry-runs.js';

/** Another seed tries other releases; the titles name it, so that a failure can be had again. */
const seed = Number(process.env.SLUICE_TEST_SEED ?? 20260601);

/** Releases of all cells together; more at night. */
const RELEASES = Number(process.env.SLUICE_DRY_RUN_RELEASES ?? 300);
const runs = Math.ceil(RELEASES / cells.length);

/** Milliseconds for a release on a busy machine, and for a smaller one that fails as well. */
const PER_RELEASE = 1_000;
const SMALLER_WITHIN = 20_000;

let dryRuns: DryRuns;

beforeAll(async () => {
  dryRuns = await DryRuns.start({ generatedServices: false });
});

afterAll(() => dryRuns?.stop());

describe(`random releases, with seed ${seed}`, () => {
  test.each(cells)(
    `$title: the API server takes ${runs} releases, and keeps every route as it is`,
    async (cell) => {
      await fc.assert(
        fc.asyncProperty(acceptedReleases(cell), async ({ text, release }) => {
          const rendered = manifestsOf(release) as readonly JsonObject[];
          expect(await dryRuns.findings(rendered), text).toEqual([]);
        }),
        {
          numRuns: runs,
          seed,
          interruptAfterTimeLimit: runs * PER_RELEASE + SMALLER_WITHIN,
          markInterruptAsFailure: true,
        },
      );
    },
    runs * PER_RELEASE + 2 * SMALLER_WITHIN,
  );
});

function acceptedReleases(cell: Cell): fc.Arbitrary<LoadedValues> {
  return releasesOf(cell)
    .map(accepted)
    .filter((release) => release !== undefined);
}
