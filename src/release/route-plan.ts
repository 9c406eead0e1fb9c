import type { PathSegment } from './contradiction.js';
import type { JsonObject, Texts } from './json.js';
import type { SessionAffinity } from './session-affinity.js';

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

/** Calls of gRPC, by whole names: those of a method, of all methods of a service, or all calls. */
export interface GrpcCall {
  readonly service?: string | undefined;
  readonly method?: string | undefined;
}

/** One condition on a request; all its parts must hold. */
export interface RouteMatch {
  /** Where it stands in the values file. */
  readonly place: readonly PathSegment[];
  readonly headers: readonly NamedMatch[];
  readonly query: readonly NamedMatch[];
  readonly path: StringMatch | undefined;
  /**
   * What the path means where gRPC is spoken.
   * @default - there is no path, or it is none of whole names
   */
  readonly call?: GrpcCall | undefined;
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
  /**
   * How the backends keep the sessions that they are dealt.
   * @default - they keep none
   */
  readonly session?: SessionAffinity | undefined;
  /**
   * What stands in place of the path that was matched.
   * @default - the path stays, or this is not worked out
   */
  readonly rewrite?: string | undefined;
}

/** How the copies of one rule reach their candidates where they take a hop of their own. */
export interface CopyPlan {
  /** The version that answers the requests which are copied. */
  readonly version: string;
  /** Integer percent of the requests that are copied, to whichever candidate. */
  readonly percent: number;
  /** At least one. */
  readonly mirrors: readonly Mirror[];
  /** The same versions, with integer percents of all copies. */
  readonly shares: readonly Backend[];
}

/** Names with the texts that they must have, and those with a regular expression for all of the text. */
export interface NamedTexts {
  readonly exact: Texts;
  readonly regex: Texts;
}

/** One match of a rule with one host and one version: what Emissary has an object of its own for. */
export interface PlannedMapping {
  /** A DNS label, unique in its namespace; it stays while weights, positions and other versions change. */
  readonly name: string;
  readonly host: string;
  /** As plain text, so that the prefix /a fits /ab. */
  readonly path: StringMatch;
  /** Stands in place of what `path` took; empty leaves the path alone. */
  readonly rewrite: string;
  readonly method: string | undefined;
  readonly headers: NamedTexts;
  readonly query: NamedTexts;
  readonly version: string;
  /** In percent; undefined takes what the others with the same match leave. */
  readonly weight: number | undefined;
  /** Whether it receives copies. */
  readonly shadow: boolean;
  /** Whether it alone answers what it matches. */
  readonly alone: boolean;
}

/** Where requests go, free of any environment: the first rule that fits decides, and the last fits every request. */
export interface RoutePlan {
  readonly rules: readonly RouteRule[];
  /**
   * What `rules` come to for an environment that has them worked out.
   * @default - not worked out
   */
  readonly mappings?: readonly PlannedMapping[];
  /**
   * The versions among which `rules` split requests, each once.
   * @default - not worked out
   */
  readonly branches?: readonly string[];
  /** @default - not worked out, or nothing is copied */
  readonly copies?: CopyPlan | undefined;
}

/** What every request fulfils; stands for a rule without matches. */
export const anyRequest: RouteMatch = {
  place: [],
  headers: [],
  query: [],
  path: undefined,
  method: undefined,
  istio: undefined,
};

/** Returns the rule by which a version alone answers, without copies to others. */
export function ruleFor(version: string, matches: readonly RouteMatch[] = []): RouteRule {
  return { name: version, matches, backends: [{ version, share: 100 }], mirrors: [], weighted: false };
}
