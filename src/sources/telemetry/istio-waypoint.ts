import { istio } from './istio.js';
import type { Telemetry } from './telemetry.js';

/**
 * Istio's ambient mode: there are no sidecars, and what a waypoint counts says `reporter="waypoint"` ("Enable ambient
 * mode", istio.io, on what changes for observability). Copies that it mirrors it does not count, nor does anybody else.
 */
export const istioWaypoint = {
  ...istio,
  id: 'istio-waypoint',
  pods: undefined,
  identify({ namespace, service, reporter }) {
    if (reporter === 'destination')
      return { missing: 'no count of its own: a waypoint does not count what it mirrors' };
    return [['waypoint', namespace, service]];
  },
} as const satisfies Telemetry;
