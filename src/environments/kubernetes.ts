import type { Environment } from '../release/environment.js';
import { renderVersions } from './workload.js';

/** Plain Kubernetes: a Deployment and a Service per version, and no route. */
export const kubernetes = {
  id: 'kubernetes',
  aliases: ['deployment'],
  supports: [],
  refuses: () => 'it has no routes',
  render: renderVersions,
} as const satisfies Environment;
