import { ConfigError } from '../errors.js';
import type { LoadedValues } from '../values/load.js';

/** Helm refuses to install under a longer name. */
const longestName = 53;

/**
 * Checks that a release can have a chart. The commands in a chart, and Argo CD and Flux, install it under its own name.
 *
 * @throws ConfigError where that is longer than Helm allows, or the environment has no charts
 */
export function assertInstallable({ file, release }: LoadedValues): void {
  const { id, charts } = release.environment;
  if (charts === false) {
    throw new ConfigError(`Cannot make a chart of ${file} as it stands: environment ${id} has no charts`, {
      code: 'cli/no-chart',
      path: file,
      hint: 'Use sluice synth, and render: manifests, for its releases.',
    });
  }
  const { name } = release.model;
  if (name.length <= longestName) return;
  throw new ConfigError(
    `Cannot name the chart of ${file} as Helm allows: ${name} has ${name.length} characters, and Helm takes ${longestName}`,
    { code: 'cli/arguments', path: file, hint: 'Give the release a shorter name.' },
  );
}
