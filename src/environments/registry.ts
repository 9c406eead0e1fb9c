import type { Environment } from '../release/environment.js';
import { gatewayApi } from './gateway-api.js';
import { istio } from './istio.js';
import { kubernetes } from './kubernetes.js';

/** Every environment by its id; adding one is a file and a line here. */
export const environments = {
  kubernetes,
  istio,
  'gateway-api': gatewayApi,
} as const satisfies Record<string, Environment>;

/** The id of an environment. */
export type EnvironmentId = keyof typeof environments;
