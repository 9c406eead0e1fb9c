import { ConfigError } from '../errors.js';
import type { LoadedValues } from '../values/load.js';

/** Helm refuses to install under a longer name. */
const longestName = 53;

/**
 * The commands in a chart, and Argo CD and Flux, install it under its own name.
 *
 * @throws ConfigError where that is longer than Helm allows
 */
export function assertInstallable({ file, release }: LoadedValues): void {
  const { name } = release.model;
  if (name.length <= longestName) return;
  throw new ConfigError(
    `Cannot name the chart of ${file} as Helm allows: ${name} has ${name.length} characters, and Helm takes ${longestName}`,
    { code: 'cli/arguments', path: file, hint: 'Give the release a shorter name.' },
  );
}
