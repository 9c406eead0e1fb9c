import type { Manifest } from '../../src/release/model.js';
import type { Arrivals, Entrance } from './arrival.js';
import { emissaryArrivals } from './emissary-arrivals.js';
import { gatewayArrivals } from './gateway-arrivals.js';
import { istioArrivals } from './istio-arrivals.js';
import { serviceArrivals } from './service-arrivals.js';

/**
 * Returns, by the objects alone, where a request and its copies arrive: every reading that the target's specification
 * leaves open is one element. No element means that nobody serves the request.
 */
export function arrivalsOf(objects: readonly Manifest[], entrance: Entrance): Arrivals[] {
  const has = (kind: string) => objects.some((each) => each.kind === kind);
  if (has('Mapping')) return emissaryArrivals(objects, entrance);
  if (has('VirtualService')) return istioArrivals(objects, entrance);
  if (has('HTTPRoute') || has('GRPCRoute')) return gatewayArrivals(objects, entrance);
  return serviceArrivals(objects, entrance);
}
