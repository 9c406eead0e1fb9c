import { expect, test } from 'vitest';
import { assertInstallable } from '../../src/cli/assert-installable.js';
import { loadedOf, twoVersions } from '../release-of.js';

test('assertInstallable() refuses an environment without charts, and says what renders it', () => {
  const loaded = loadedOf(twoVersions('istio', 'blue-green', []));
  expect(() => assertInstallable(loaded)).not.toThrow();
  const environment = { ...loaded.release.environment, charts: false };
  expect(() => assertInstallable({ ...loaded, release: { ...loaded.release, environment } })).toThrow(
    expect.objectContaining({
      code: 'cli/no-chart',
      message: expect.stringContaining('environment istio has no charts'),
      hint: 'Use sluice synth, and render: manifests, for its releases.',
    }),
  );
});
