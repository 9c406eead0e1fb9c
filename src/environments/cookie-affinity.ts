import type { Contradiction } from '../release/contradiction.js';
import { type ReleaseModel, versionNamed } from '../release/model.js';
import { anyRequest, type NamedMatch, type RouteMatch, type RoutePlan, type RouteRule } from '../release/route-plan.js';
import type { SessionAffinity } from '../release/session-affinity.js';

const sessionRequest: RouteMatch = { ...anyRequest, place: ['application', 'sessionAffinity'] };

/** Returns the affinity by which the backends of this rule keep their sessions; undefined where there is no choice. */
function cookieAffinity({ sessionAffinity }: ReleaseModel, rule: RouteRule): SessionAffinity | undefined {
  if (sessionAffinity?.type !== 'Cookie') return undefined;
  return rule.weighted && rule.backends.length > 1 ? sessionAffinity : undefined;
}

/**
 * Returns the plan with every split preceded by one rule per backend, for the sessions that it was dealt. A version that
 * is out of the split has no such rule, so its sessions are dealt anew.
 */
export function withSessions(release: ReleaseModel, { rules }: RoutePlan): RoutePlan {
  return {
    rules: rules.flatMap((rule) => {
      const session = cookieAffinity(release, rule);
      return [...keptSessions(release, rule), { ...rule, session }];
    }),
  };
}

function keptSessions(release: ReleaseModel, rule: RouteRule): RouteRule[] {
  const affinity = cookieAffinity(release, rule);
  if (affinity === undefined) return [];
  const matches = rule.matches.length > 0 ? rule.matches : [sessionRequest];
  return rule.backends.map(({ version }) => ({
    ...rule,
    name: `${rule.name}-${version}`,
    matches: matches.map((match) => ({ ...match, headers: [...match.headers, holds(affinity.cookie, version)] })),
    backends: [{ version, share: 100 }],
  }));
}

/** Returns the value of `Set-Cookie` that binds a session to a version. */
export function sessionCookie({ cookie, maxAge }: SessionAffinity, version: string): string {
  return `${cookie}=${version}; Path=/; Max-Age=${maxAge}; HttpOnly; SameSite=Lax`;
}

/** Returns a contradiction for every match that tests the cookies which affinity has to test: a match names a header once. */
export function refuseCookieMatches({ sessionAffinity }: ReleaseModel, { rules }: RoutePlan): Contradiction[] {
  if (sessionAffinity?.type !== 'Cookie') return [];
  const taken = rules
    .filter(({ weighted }) => weighted)
    .flatMap(({ matches }) =>
      matches.filter(({ headers }) => headers.some(({ name }) => name.toLowerCase() === 'cookie')),
    );
  const hint = 'Match another header, or leave application.sessionAffinity out.';
  return taken.map(({ place }) => ({
    path: place,
    message: 'tests the header cookie, as session affinity does',
    hint,
  }));
}

/** Returns a notice where the strategy deals no sessions at all, or where the clients do not keep them. */
export function noticeAffinity(release: ReleaseModel, { rules }: RoutePlan): Contradiction[] {
  const { sessionAffinity } = release;
  if (sessionAffinity === undefined) return [];
  if (rules.some(({ weighted }) => weighted)) return noticeGrpc(release, rules);
  const message = 'has no effect, since no rule of the strategy splits requests by weight';
  return [{ path: ['application', 'sessionAffinity'], message, hint: 'Remove it, or use the strategy blue-green.' }];
}

function noticeGrpc(release: ReleaseModel, rules: readonly RouteRule[]): Contradiction[] {
  const dealt = rules.filter((rule) => cookieAffinity(release, rule) !== undefined);
  const grpc = dealt
    .flatMap(({ backends }) => backends)
    .find(({ version }) => versionNamed(release, version).protocol === 'grpc');
  if (grpc === undefined) return [];
  const message = `is a cookie, but ${grpc.version} speaks gRPC, whose clients keep none: every call is dealt anew`;
  const hint = 'Remove it, unless your clients return the cookie by code of their own.';
  return [{ path: ['application', 'sessionAffinity'], message, hint }];
}

/**
 * The cookie may stand anywhere among others; RE2 has to match the whole header. The names of cookies and of versions have
 * letters, digits, - and _ only, which all stand for themselves there.
 */
function holds(cookie: string, version: string): NamedMatch {
  return { name: 'cookie', match: { kind: 'regex', value: `(.*;\\s*)?${cookie}=${version}\\s*(;.*)?` } };
}
