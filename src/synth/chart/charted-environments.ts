import { environments } from '../../environments/registry.js';
import type { Environment } from '../../release/environment.js';

/** The environments that charts are made of. */
export const chartedEnvironments: readonly Environment[] = Object.values<Environment>(environments).filter(
  ({ charts }) => charts !== false,
);
