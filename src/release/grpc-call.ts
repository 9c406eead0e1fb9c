import type { GrpcCall, StringMatch } from './route-plan.js';

/** Returns the calls that a path means as whole names; undefined where it cuts a name, or is no path of a call. */
export function grpcCall({ kind, value }: StringMatch): GrpcCall | undefined {
  if (kind === 'prefix' && value === '/') return {};
  const [, service, rest] = /^\/((?:\w+\.)*\w+)(?:\/(\w*))?$/.exec(value) ?? [];
  if (service === undefined || /(^|\.)\d/.test(service)) return undefined;
  if (kind === 'prefix') return rest ? undefined : { service };
  return kind === 'exact' && rest && !/^\d/.test(rest) ? { service, method: rest } : undefined;
}
