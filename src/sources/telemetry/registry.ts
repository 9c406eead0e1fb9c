import { emissary } from './emissary.js';
import { envoyGateway } from './envoy-gateway.js';
import { istio } from './istio.js';
import { istioWaypoint } from './istio-waypoint.js';
import { knative } from './knative.js';
import { kubernetes } from './kubernetes.js';
import { modelmesh } from './modelmesh.js';
import type { Telemetry } from './telemetry.js';

/** Every telemetry by its id. A new one is one file and one line here. */
export const telemetries = {
  istio,
  'istio-waypoint': istioWaypoint,
  knative,
  modelmesh,
  'envoy-gateway': envoyGateway,
  emissary,
  kubernetes,
} as const satisfies Record<string, Telemetry>;

export type TelemetryId = keyof typeof telemetries;

/** Which telemetry counts for an environment, by the environment's id. */
export type TelemetryChoice = { readonly [environment: string]: TelemetryId | undefined };

/** What counts unless `metrics.telemetry` says otherwise. The Gateway API is Istio's until somebody says whose it is. */
export const defaultTelemetry = {
  kubernetes: 'kubernetes',
  istio: 'istio',
  'gateway-api': 'istio',
  kserve: 'knative',
  'kserve-0.10': 'knative',
  modelmesh: 'modelmesh',
  emissary: 'emissary',
} as const satisfies TelemetryChoice;

/** Returns the telemetry of an environment; undefined for one that nobody counts for. */
export function telemetryOf(environment: string, choice: TelemetryChoice = {}): Telemetry | undefined {
  const id = choice[environment] ?? (defaultTelemetry as TelemetryChoice)[environment];
  return id === undefined ? undefined : telemetries[id];
}
