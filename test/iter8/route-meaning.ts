import type { Json, JsonObject } from '../../src/release/json.js';
import { at, canonical, list, map, namespaceOf, text } from './json-parts.js';

/** Where a route sends requests, in one form for VirtualServices and HTTPRoutes. All lists whose order means nothing are sorted. */
export interface RouteMeaning {
  readonly hosts: readonly string[];
  /** Gateways, or the kind, name and port of every parent. */
  readonly parents: readonly string[];
  /** In the order in which they are tried. */
  readonly rules: readonly RuleMeaning[];
}

export interface RuleMeaning {
  /** None means every request. */
  readonly matches: readonly string[];
  readonly backends: readonly string[];
  readonly mirrors: readonly string[];
  readonly rewrite: string;
}

/** One backend as it is written, with its weight still as given. */
interface Target {
  readonly weight: Json;
  readonly meaning: JsonObject;
}

/** Returns what a VirtualService does. */
export function virtualService(object: JsonObject): RouteMeaning {
  const spec = map(object.spec);
  const namespace = namespaceOf(object);
  const routes = list(spec.http).map(map);
  const matched = JSON.stringify(routes.map((route) => route.match ?? null));
  const gateways = list(spec.gateways).map(text);
  return {
    hosts: list(spec.hosts).map(text).sort(),
    parents: gateways.length > 0 ? gateways.sort() : ['mesh'],
    rules: routes.map((route) => ({
      matches: list(route.match).map(canonical).sort(),
      backends: backends(list(route.route).map((each) => istioTarget(map(each), { namespace, matched }))),
      mirrors: istioMirrors(route, namespace),
      rewrite: canonical(route.rewrite ?? {}),
    })),
  };
}

/** Removing a request header means something only where a match reads that header. */
function istioTarget(backend: JsonObject, { namespace, matched }: { namespace: string; matched: string }): Target {
  const request = map(at(backend, 'headers', 'request'));
  const response = map(at(backend, 'headers', 'response'));
  return {
    weight: backend.weight ?? null,
    meaning: {
      to: absolute(text(at(backend, 'destination', 'host')), namespace),
      port: at(backend, 'destination', 'port', 'number') ?? null,
      set: lowerKeys(map(request.set)),
      removed: list(request.remove)
        .map(text)
        .filter((name) => matched.includes(JSON.stringify(name)))
        .sort(),
      answers: { ...map(response.add), ...map(response.set) },
    },
  };
}

function istioMirrors(route: JsonObject, namespace: string): string[] {
  const single = route.mirror && [{ destination: route.mirror, percentage: route.mirrorPercentage ?? null }];
  const all = [...list(single || []), ...list(route.mirrors)];
  return all
    .map((mirror) => {
      const host = absolute(text(at(mirror, 'destination', 'host')), namespace);
      return `${host} ${text(at(mirror, 'percentage', 'value') ?? 100)} %`;
    })
    .sort();
}

/** Returns what an HTTPRoute does. */
export function httpRoute(object: JsonObject): RouteMeaning {
  const spec = map(object.spec);
  const namespace = namespaceOf(object);
  return {
    hosts: list(spec.hostnames).map(text).sort(),
    parents: list(spec.parentRefs)
      .map(map)
      .map(({ kind = 'Gateway', name = null, port = null }) => canonical([kind, name, port]))
      .sort(),
    rules: list(spec.rules)
      .map(map)
      .map((rule) => httpRule(rule, namespace)),
  };
}

function httpRule(rule: JsonObject, namespace: string): RuleMeaning {
  const filters = list(rule.filters).map(map);
  const matches = list(rule.matches).map((each) => canonical(httpMatch(map(each))));
  return {
    matches: matches.filter((match) => match !== '{}').sort(),
    backends: backends(list(rule.backendRefs).map((each) => httpTarget(map(each), { namespace, filters }))),
    mirrors: filters
      .filter(({ type }) => type === 'RequestMirror')
      .map(({ requestMirror }) => {
        const to = serviceOf(map(at(requestMirror, 'backendRef')), namespace);
        return `${to} ${text(at(requestMirror, 'percent') ?? 100)} %`;
      })
      .sort(),
    rewrite: canonical(filters.filter(({ type }) => type === 'URLRewrite').map(({ urlRewrite = null }) => urlRewrite)),
  };
}

/** The path `/` as a prefix is what the API server writes where there is no path. */
function httpMatch({ path, headers, queryParams, method }: JsonObject): JsonObject {
  const everyPath = at(path, 'value') === '/' && at(path, 'type') === 'PathPrefix';
  const named = list(headers).map((header) => ({
    type: 'Exact',
    ...map(header),
    name: text(at(header, 'name')).toLowerCase(),
  }));
  return {
    ...(path && !everyPath && { path }),
    ...(named.length > 0 && { headers: named.map(canonical).sort() }),
    ...(list(queryParams).length > 0 && { queryParams: list(queryParams) }),
    ...(method && { method }),
  };
}

function httpTarget(backend: JsonObject, { namespace, filters }: { namespace: string; filters: JsonObject[] }): Target {
  const all = [...list(backend.filters).map(map), ...filters];
  const headers = (filter: string, verbs: readonly string[]) =>
    Object.fromEntries(
      all.flatMap((each) =>
        verbs.flatMap((verb) =>
          list(at(each, filter, verb)).map((header) => [text(at(header, 'name')), at(header, 'value') ?? null]),
        ),
      ),
    );
  return {
    weight: backend.weight ?? null,
    meaning: {
      to: serviceOf(backend, namespace),
      port: backend.port ?? null,
      set: lowerKeys(headers('requestHeaderModifier', ['add', 'set'])),
      answers: headers('responseHeaderModifier', ['add', 'set']),
    },
  };
}

function serviceOf(reference: JsonObject, namespace: string): string {
  return absolute(text(reference.name), text(reference.namespace ?? namespace));
}

/** Those that get requests, each with its share of the traffic. */
function backends(targets: readonly Target[]): string[] {
  const percents = percentsOf(targets.map(({ weight }) => (targets.length === 1 ? 1 : Number(weight ?? 1))));
  return targets
    .map(({ meaning }, i) => ({ ...meaning, percent: percents[i] ?? 0 }))
    .filter(({ percent }) => percent > 0)
    .map(canonical)
    .sort();
}

/** Largest remainder, ties to the earlier one. */
function percentsOf(weights: readonly number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  if (sum === 0) return weights.map(() => 0);
  const whole = weights.map((weight) => Math.floor((100 * weight) / sum));
  const left = 100 - whole.reduce((a, b) => a + b, 0);
  const byRemainder = weights.map((weight, i) => [i, (100 * weight) % sum] as const).sort(([, a], [, b]) => b - a);
  const rounded = new Set(byRemainder.slice(0, left).map(([i]) => i));
  return whole.map((percent, i) => (rounded.has(i) ? percent + 1 : percent));
}

/** A short name stands in the namespace of the object that says it. */
function absolute(host: string, namespace: string): string {
  const name = host.replace(/\.svc(\.cluster\.local)?$/, '');
  return name.includes('.') ? name : `${name}.${namespace}`;
}

function lowerKeys(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key.toLowerCase(), value]));
}
