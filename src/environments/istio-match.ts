import type { Contradiction, PathSegment } from '../release/contradiction.js';
import { isObject, type Json, type JsonObject } from '../release/json.js';
import type { NamedMatch, RouteMatch, RoutePlan, StringMatch } from '../release/route-plan.js';
import { isGateway } from './istio-hosts.js';
import { refuseMatches, type Unfit } from './refusals.js';

/** In bytes; what its webhook takes for RE2 to compile. */
const MAX_REGEX = 1024;
const pseudoHeaders = [':method', ':scheme', ':authority', ':path', ':status'];
const CLAIM = /^@request\.auth\.claims[.[]/;
const NAMESPACE = /^[A-Za-z0-9]([-A-Za-z0-9]{0,61}[A-Za-z0-9])?$/;

/** Returns the matches that Istio's webhook refuses; `gateways` are those of the route, without the mesh. */
export function refuseIstioMatches(plan: RoutePlan, environment: string, gateways: readonly string[]): Contradiction[] {
  return refuseMatches(plan, environment, (match) => [
    ...namesOf(match).flatMap(({ name, at }) => refuseName(name, at, gateways)),
    ...textsOf(match).flatMap(refuseText),
    ...refuseCallers(match.istio ?? {}),
  ]);
}

interface At {
  readonly at: readonly PathSegment[];
}

function namesOf(match: RouteMatch): ({ readonly name: string } & At)[] {
  return [
    ...match.headers.map(({ name }) => ({ name, at: inForm(match, 'headers', name) })),
    ...Object.keys(mapIn(match.istio?.withoutHeaders)).map((name) => ({ name, at: ['withoutHeaders', name] })),
  ];
}

/** Where a part stands in the match; in the Gateway API's form the whole match is told. */
function inForm({ place }: RouteMatch, ...at: PathSegment[]): PathSegment[] {
  return place.at(-2) === 'match' ? at : [];
}

function refuseName(name: string, at: readonly PathSegment[], gateways: readonly string[]): Unfit[] {
  if (CLAIM.test(name)) {
    if (gateways.length > 0) return [];
    const hint = 'Give a gateway, or match a header.';
    return [{ why: `Istio knows the claims of a token at a gateway alone, and the route has none`, hint, at }];
  }
  if (pseudoHeaders.includes(name) || /^[A-Za-z0-9!#$%&'*+\-.^_`|~]+$/.test(name)) return [];
  const hint = "A name has letters, digits and ! # $ % & ' * + - . ^ _ ` | ~ only, at least one.";
  return [{ why: `Istio has no headers of the name ${JSON.stringify(name)}`, hint, at }];
}

interface Text extends At {
  readonly kind: string;
  readonly value: string;
  /** A path alone may have an empty prefix. */
  readonly path?: boolean;
}

function textsOf(match: RouteMatch): Text[] {
  const named = (key: string, all: readonly NamedMatch[]) =>
    all.map(({ name, match: text }) => textOf(text, inForm(match, key, name, text.kind)));
  const { scheme, authority, withoutHeaders } = match.istio ?? {};
  const others = Object.entries(mapIn(withoutHeaders)).map(([name, text]) => ({ at: ['withoutHeaders', name], text }));
  return [
    ...named('headers', match.headers),
    ...named('queryParams', match.query),
    ...(match.path ? [{ ...textOf(match.path, inForm(match, 'uri', match.path.kind)), path: true }] : []),
    ...[{ at: ['scheme'], text: scheme }, { at: ['authority'], text: authority }, ...others].flatMap(({ at, text }) =>
      Object.entries(mapIn(text)).map(([kind, value]) => ({ kind, value: String(value), at: [...at, kind] })),
    ),
  ];
}

function textOf({ kind, value }: StringMatch, at: readonly PathSegment[]): Text {
  return { kind, value, at };
}

function refuseText({ kind, value, at, path = false }: Text): Unfit[] {
  if (path && kind !== 'regex' && !/^\/|^$|^\*$/.test(value)) {
    return [{ why: `every path starts with /, so none fits ${JSON.stringify(value)}`, hint: 'Put / before it.', at }];
  }
  if (value === '' && (kind === 'regex' || (kind === 'prefix' && !path))) {
    const hint = path ? 'Give an expression, or leave the path out.' : 'Give a text, or write {} for any value.';
    return [{ why: `Istio takes no empty ${kind}`, hint, at }];
  }
  const bytes = new TextEncoder().encode(value).length;
  if (kind !== 'regex' || bytes <= MAX_REGEX) return [];
  const why = `Istio takes a regular expression of at most ${MAX_REGEX} bytes, and this has ${bytes}`;
  return [{ why, hint: 'Shorten it, or write several matches.', at }];
}

/** Who asks, and through which gateway. */
function refuseCallers({ sourceNamespace, gateways }: JsonObject): Unfit[] {
  const found: Unfit[] = [];
  if (typeof sourceNamespace === 'string' && sourceNamespace !== '' && !NAMESPACE.test(sourceNamespace)) {
    const why = `${JSON.stringify(sourceNamespace)} is no name of a namespace`;
    found.push({ why, hint: 'Use a-z, 0-9 and -, at most 63 characters.', at: ['sourceNamespace'] });
  }
  for (const [i, gateway] of (Array.isArray(gateways) ? (gateways as readonly string[]) : []).entries()) {
    if (namesGateway(gateway)) continue;
    const why = `${JSON.stringify(gateway)} is no name of a gateway`;
    found.push({ why, hint: 'Give NAME, NAMESPACE/NAME or mesh.', at: ['gateways', i] });
  }
  return found;
}

function namesGateway(text: string): boolean {
  const [name = '', namespace, ...rest] = text.split('/').reverse();
  return rest.length === 0 && isGateway({ name, namespace }) && NAMESPACE.test(namespace ?? 'default');
}

function mapIn(value: Json | undefined): JsonObject {
  return value !== undefined && isObject(value) ? value : {};
}
