import type { PathSegment } from './contradiction.js';
import type { JsonObject } from './json.js';

/** How a text is compared. `regex` is RE2 and must match the whole text. */
export type StringMatch =
  | { readonly kind: 'exact'; readonly value: string }
  | { readonly kind: 'prefix'; readonly value: string }
  // `presence`: any value at all, which Istio writes as an empty match.
  | { readonly kind: 'regex'; readonly value: string; readonly presence?: true };

/** A named header or query parameter and how its value is compared. Header names are compared without case. */
export interface NamedMatch {
  readonly name: string;
  readonly match: StringMatch;
}

/** One condition on a request; all its parts must hold. */
export interface RouteMatch {
  /** Where it stands in the values file. */
  readonly place: readonly PathSegment[];
  readonly headers: readonly NamedMatch[];
  readonly query: readonly NamedMatch[];
  readonly path: StringMatch | undefined;
  readonly method: string | undefined;
  /** Parts of an Istio HTTPMatchRequest that only Istio knows, kept as written. */
  readonly istio: JsonObject | undefined;
}

/**
 * Returns whether a path prefix is compared by whole elements, as the Gateway API does: /api fits /api and /api/x. In
 * Istio's form it is plain text, and fits /apis as well.
 */
export function comparesElements({ place }: RouteMatch): boolean {
  return place.at(-2) === 'matches';
}

/** A version that answers, with its share in percent. */
export interface Backend {
  readonly version: string;
  /** Integer percent, 1 to 100; the backends of a rule sum to 100. */
  readonly share: number;
}

/** A version that receives copies of requests and whose answers nobody sees. */
export interface Mirror {
  readonly version: string;
  /** Integer percent of the rule's requests that are copied, 1 to 100. */
  readonly percent: number;
}

/** Requests that fulfil any one of `matches` go to `backends`; no match at all means every request. */
export interface RouteRule {
  readonly name: string;
  readonly matches: readonly RouteMatch[];
  readonly backends: readonly Backend[];
  readonly mirrors: readonly Mirror[];
  /** Whether weights decide who answers, even where only one version is left: the form of the rule then stays the same. */
  readonly weighted: boolean;
}

/** Where requests go, free of any environment: the first rule that fits decides, and the last fits every request. */
export interface RoutePlan {
  readonly rules: readonly RouteRule[];
}

/** Returns the rule by which a version alone answers, without copies to others. */
export function ruleFor(version: string, matches: readonly RouteMatch[] = []): RouteRule {
  return { name: version, matches, backends: [{ version, share: 100 }], mirrors: [], weighted: false };
}
