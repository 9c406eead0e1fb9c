import type { Environment } from '../release/environment.js';
import { emissary } from './emissary.js';
import { gatewayApi } from './gateway-api.js';
import { istio } from './istio.js';
import { kserve, kserve010 } from './kserve.js';
import { kubernetes } from './kubernetes.js';
import { modelmesh } from './modelmesh.js';

/** Every environment by its id; adding one is a file and a line here. */
export const environments = {
  kubernetes,
  istio,
  'gateway-api': gatewayApi,
  kserve,
  'kserve-0.10': kserve010,
  modelmesh,
  emissary,
} as const satisfies Record<string, Environment>;

/** The id of an environment. */
export type EnvironmentId = keyof typeof environments;
