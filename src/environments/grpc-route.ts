import type { JsonObject } from '../release/json.js';
import type { RouteMatch, StringMatch } from '../release/route-plan.js';
import type { RouteKind } from './gateway-route.js';
import type { Rank } from './precedence.js';

/** How a GRPCRoute writes matches; a rule without them fits every call. */
export const grpcRoute = {
  kind: 'GRPCRoute',
  matches: (matches) => (matches.length > 0 ? matches.map(grpcRouteMatch) : undefined),
} as const satisfies RouteKind;

/** A GRPCRoute prefers the longer service, then the longer method, then more headers. */
export const grpcRank: Rank = ({ path, headers }) => {
  const { service = '', method = '' } = (path && methodOf(path)) ?? {};
  return [service.length, method.length, headers.length];
};

/** Returns why a GRPCRoute cannot express a match, or undefined. */
export function notInGrpcRoute({ path, query, method }: RouteMatch): string | undefined {
  if (query.length > 0) return 'a GRPCRoute knows no query parameters';
  if (method !== undefined) return 'a GRPCRoute knows no HTTP method, for every call is a POST';
  if (path === undefined || methodOf(path) !== undefined) return undefined;
  return 'a GRPCRoute takes only the exact path /package.Service/Method or the prefix /package.Service/';
}

interface GrpcMethod {
  readonly service?: string;
  readonly method?: string;
}

/** The path of a call is /package.Service/Method. An empty object is every call. */
function methodOf({ kind, value }: StringMatch): GrpcMethod | undefined {
  if (kind === 'prefix' && value === '/') return {};
  const [, service, rest] = /^\/((?:\w+\.)*\w+)(?:\/(\w*))?$/.exec(value) ?? [];
  if (service === undefined || /(^|\.)\d/.test(service)) return undefined;
  if (kind === 'prefix') return rest ? undefined : { service };
  return kind === 'exact' && rest && !/^\d/.test(rest) ? { service, method: rest } : undefined;
}

function grpcRouteMatch({ path, headers }: RouteMatch): JsonObject {
  const called = path && methodOf(path);
  return {
    ...(called?.service !== undefined && { method: { type: 'Exact', ...called } }),
    ...(headers.length > 0 && {
      headers: headers.map(({ name, match }) => ({
        type: match.kind === 'regex' ? 'RegularExpression' : 'Exact',
        name,
        value: match.value,
      })),
    }),
  };
}
