import type { Json, JsonObject } from '../../src/release/json.js';

/** What decides where requests go: not one field of it may be another's than the values'. */
export const routeKinds: ReadonlySet<string> = new Set([
  ...['VirtualService', 'DestinationRule', 'ServiceEntry', 'Gateway', 'HTTPRoute', 'GRPCRoute', 'ReferenceGrant'],
  'Mapping',
]);

/** What the API server alone writes into a Service. */
const addresses = new Set(['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy', 'internalTrafficPolicy']);

export interface DriftOptions {
  /**
   * Whether Services were generated, and are to say themselves all that the API server would add; one that a person gave
   * whole says what that person wrote.
   */
  readonly generatedServices: boolean;
}

/**
 * Returns where an object as the API server returns it is another one than was rendered, as `spec.http[0].route`: in
 * routes every field that it added or changed, in generated Services all but their addresses, elsewhere what it changed or left out.
 */
export function driftOf(rendered: JsonObject, returned: JsonObject, { generatedServices }: DriftOptions): string[] {
  const { metadata, ...rest } = rendered;
  const { metadata: keptMetadata, status: _, ...keptRest } = returned;
  const { kind } = rendered;
  const strict = routeKinds.has(kind as string) || (kind === 'Service' && generatedServices);
  const added = kind === 'Service' ? (path: string) => !addresses.has(path.replace(/^spec\./, '')) : () => true;
  return [
    ...differences(metadata as JsonObject, keptMetadata as JsonObject, { path: 'metadata', strict: false }),
    ...differences(rest, keptRest, { path: '', strict }).filter(added),
  ];
}

interface Place {
  readonly path: string;
  /** Whether a field more is a difference. */
  readonly strict: boolean;
}

function differences(one: Json | undefined, other: Json | undefined, { path, strict }: Place): string[] {
  if (one === undefined) return strict ? [path] : [];
  if (Array.isArray(one) && Array.isArray(other) && one.length === other.length) {
    return one.flatMap((each: Json, i) => differences(each, other[i], { path: `${path}[${i}]`, strict }));
  }
  if (!isMap(one) || !isMap(other)) return JSON.stringify(one) === JSON.stringify(other) ? [] : [path];
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].flatMap((key) =>
    differences(one[key], other[key], { path: path === '' ? key : `${path}.${key}`, strict }),
  );
}

function isMap(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
