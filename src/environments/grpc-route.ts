import type { JsonObject } from '../release/json.js';
import { comparesElements, type RouteMatch } from '../release/route-plan.js';
import type { RouteKind } from './gateway-route.js';
import type { Rank } from './precedence.js';
import type { Unfit } from './refusals.js';

/** How a GRPCRoute writes matches; a rule without them fits every call. */
export const grpcRoute = {
  kind: 'GRPCRoute',
  matches: (matches) => (matches.length > 0 ? matches.map(grpcRouteMatch) : undefined),
} as const satisfies RouteKind;

/** A GRPCRoute prefers the longer service, then the longer method, then more headers. */
export const grpcRank: Rank = ({ call: { service = '', method = '' } = {}, headers }) => {
  return [service.length, method.length, headers.length];
};

/** Characters of a service or of a method. */
const MAX_NAME = 1024;

/** Returns why a GRPCRoute cannot express a match that a route could. */
export function notInGrpcRoute(match: RouteMatch): Unfit[] {
  const path = pathNotInGrpcRoute(match);
  return [
    ...(match.query.length > 0
      ? [{ why: 'a GRPCRoute knows no query parameters', hint: 'Match a header, which a call has as its metadata.' }]
      : []),
    ...(match.method === undefined
      ? []
      : [{ why: 'a GRPCRoute knows no HTTP method, for every call is a POST', hint: 'Leave the method out.' }]),
    ...(path ? [path] : []),
  ];
}

function pathNotInGrpcRoute(match: RouteMatch): Unfit | undefined {
  const { path, call } = match;
  if (path === undefined) return undefined;
  if (call === undefined) {
    const why = 'a GRPCRoute takes only the exact path /package.Service/Method or the prefix /package.Service/';
    return { why, hint: 'Write the full name of the service, and of the method where the path is exact.' };
  }
  if ([call.service, call.method].some((name = '') => name.length > MAX_NAME)) {
    const why = `a GRPCRoute takes at most ${MAX_NAME} characters of a service and of a method`;
    return { why, hint: 'Match a shorter name.' };
  }
  if (path.kind !== 'prefix' || path.value.endsWith('/') || comparesElements(match)) return undefined;
  const why = `as text, ${path.value} fits ${path.value}2 as well, and a GRPCRoute compares whole names`;
  return { why, hint: `Write uri: {prefix: ${path.value}/}.`, at: ['uri', 'prefix'] };
}

function grpcRouteMatch({ call: { service, method } = {}, headers }: RouteMatch): JsonObject {
  return {
    ...(service !== undefined && { method: { type: 'Exact', service, ...(method !== undefined && { method }) } }),
    ...(headers.length > 0 && {
      headers: headers.map(({ name, match }) => ({
        type: match.kind === 'regex' ? 'RegularExpression' : 'Exact',
        name,
        value: match.value,
      })),
    }),
  };
}
