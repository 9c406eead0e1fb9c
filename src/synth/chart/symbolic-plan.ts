import type { ReleaseModel } from '../../release/model.js';
import {
  anyRequest,
  type CopyPlan,
  type GrpcCall,
  type PlannedMapping,
  type RouteMatch,
  type RoutePlan,
  type RouteRule,
  type StringMatch,
} from '../../release/route-plan.js';
import type { SessionAffinity } from '../../release/session-affinity.js';
import type { Strategy } from '../../release/strategy.js';
import { type Draw, type Place, texts } from './draw.js';

/**
 * Returns a plan of a form that a strategy makes; what it holds is drawn anew, and with it all that environments add when
 * they prepare it.
 *
 * @param versionAt makes the version of a place known, and returns its name
 */
export function symbolicPlan(draw: Draw, form: readonly RouteRule[], versionAt: (place: Place) => string): RoutePlan {
  const { root } = draw;
  const rules = root.at('rules').list('rule', form.length, (place) => {
    const position = Number(/(?<!\d)\d+$/.exec(place.scope)?.[0]);
    return symbolicRule(place, form[position] as RouteRule, versionAt);
  });
  return {
    rules,
    branches: root.at('branches').list('branch', draw.upTo(2), versionAt),
    copies: symbolicCopies(root, form, versionAt),
  };
}

function symbolicRule(place: Place, form: RouteRule, versionAt: (place: Place) => string): RouteRule {
  return {
    name: place.at('name').text(),
    weighted: place.at('weighted').flag(form.weighted),
    rewrite: place.at('rewrite').optional((path) => path.text()),
    matches: place.at('matches').list('match', form.matches.length, symbolicMatch),
    backends: place.at('backends').list('backend', form.backends.length, (backend) => ({
      version: versionAt(backend.at('version')),
      share: backend.at('share').int(),
    })),
    mirrors: place.at('mirrors').list('mirror', form.mirrors.length, (mirror) => ({
      version: versionAt(mirror.at('version')),
      percent: mirror.at('percent').int(),
    })),
    session: place.at('session').optional(cookieAffinity),
  };
}

/** There are as many copies as the rule has that is mirrored. */
function symbolicCopies(root: Place, form: readonly RouteRule[], versionAt: (place: Place) => string) {
  const count = form.reduce((sum, { mirrors }) => sum + mirrors.length, 0);
  const make = (copies: Place): CopyPlan => ({
    version: versionAt(copies.at('version')),
    percent: copies.at('percent').int(),
    mirrors: copies.at('mirrors').list('copy', count, (copy) => ({
      version: versionAt(copy.at('version')),
      percent: copy.at('percent').int(),
    })),
    shares: copies.at('shares').list('part', count, (part) => ({
      version: versionAt(part.at('version')),
      share: part.at('share').int(),
    })),
  });
  return root.at('copies').optional(make, count > 0);
}

function symbolicMatch(place: Place): RouteMatch {
  const named = (each: Place) => ({
    name: each.at('name').text(),
    match: namedValue(each.at('match')),
  });
  const { draw } = place;
  // A match without any condition is none.
  const headers = draw.upTo(2);
  return {
    place: [],
    headers: place.at('headers').list('header', headers, named),
    query: place.at('query').list('parameter', draw.upTo(2), named),
    path: place.at('path').optional(stringMatch),
    call: place.at('call').optional(grpcCall, headers === 0 || draw.chance()),
    method: place.at('method').optional((method) => method.text(), headers === 0 || draw.chance()),
    istio: place.at('istio').optional((others) => others.tree()),
  };
}

function grpcCall(place: Place): GrpcCall {
  return { service: place.at('service').text(), method: place.at('method').optional((method) => method.text()) };
}

function namedValue(place: Place): StringMatch {
  const match = stringMatch(place);
  return match.kind === 'regex' && place.at('presence').flag() ? { ...match, presence: true } : match;
}

function stringMatch(place: Place): StringMatch {
  return { kind: place.at('kind').option(['exact', 'prefix', 'regex']), value: place.at('value').text() };
}

/** Returns what Emissary makes of a plan. */
export function symbolicMappings(root: Place, versionAt: (place: Place) => string): PlannedMapping[] {
  const named = (place: Place) => ({ exact: texts(place.at('exact')), regex: texts(place.at('regex')) });
  return root.at('mappings').list('mapping', root.draw.upTo(3), (place) => ({
    name: place.at('name').text(),
    host: place.at('host').text(),
    path: stringMatch(place.at('path')),
    rewrite: place.at('rewrite').text(),
    method: place.at('method').optional((method) => method.text()),
    headers: named(place.at('headers')),
    query: named(place.at('query')),
    version: versionAt(place.at('version')),
    weight: place.at('weight').optional((weight) => weight.int()),
    shadow: place.at('shadow').flag(),
    alone: place.at('alone').flag(),
  }));
}

/** Returns the rules that the strategy makes of some release of one to three versions. */
export function planForm(draw: Draw, strategy: Strategy): readonly RouteRule[] {
  const count = 1 + draw.upTo(2);
  const some = (max: number) => Array.from({ length: draw.upTo(max) }, () => anyRequest);
  const versions = Array.from({ length: count }, (_, i) => ({
    name: `v${i}`,
    // Mostly there, or two candidates at once would be too rare to learn from.
    weight: i === 0 || draw.upTo(3) > 0 ? 1 + draw.upTo(50) : 0,
    routed: i === 0 || draw.upTo(3) > 0,
    matches: [anyRequest, ...some(1)],
  }));
  const matches = strategy.needs === 'match' ? [] : some(2);
  return strategy.plan({ name: 'r', versions, primary: 'v0', matches } as unknown as ReleaseModel).rules;
}

function cookieAffinity(place: Place): SessionAffinity {
  return { type: 'Cookie', cookie: place.at('cookie').text(), maxAge: place.at('maxAge').int() };
}
