import type { Contradiction, PathSegment } from '../release/contradiction.js';
import type { ReleaseModel } from '../release/model.js';
import { versionPlace } from '../release/model.js';
import type { RouteMatch, RoutePlan } from '../release/route-plan.js';

/** Why a target cannot express a match, and what it takes instead. */
export interface Unfit {
  readonly why: string;
  readonly hint: string;
  /** The part of the match that is meant; left out for all of it. */
  readonly at?: readonly PathSegment[];
}

/** Returns why a target cannot express a match; the siblings are the list that it stands in. */
export type Reasons = (match: RouteMatch, siblings: readonly RouteMatch[]) => readonly Unfit[];

/** Returns a contradiction for every reason why a match of the plan cannot be expressed. */
export function refuseMatches(plan: RoutePlan, environment: string, reasons: Reasons): Contradiction[] {
  return plan.rules.flatMap(({ matches }) =>
    matches.flatMap((match) =>
      reasons(match, matches).map(({ why, hint, at = [] }): Contradiction => {
        const message = `cannot be a match of ${environment}: ${why}`;
        return { path: [...match.place, ...at], message, hint };
      }),
    ),
  );
}

/** Returns why a target without Istio's own conditions cannot express a match that has some. */
export function onlyInIstio({ istio }: RouteMatch, target: string): Unfit[] {
  if (istio === undefined) return [];
  const keys = Object.keys(istio).join(', ');
  const hint = `Leave ${keys} out, or route by Istio: environment istio, modelmesh or kserve in Serverless mode.`;
  return [{ why: `${target} has no ${keys}`, hint }];
}

/** Returns a contradiction for every version whose Service would take the name of the one that the versions share. */
export function refuseSharedName(release: ReleaseModel): Contradiction[] {
  return release.versions.flatMap((version): Contradiction[] => {
    const { service, namespace } = version.address;
    const ownsIt = version.external?.kind !== 'deployment';
    if (!ownsIt || service !== release.name || namespace !== release.namespace) return [];
    const message = `is ${JSON.stringify(release.name)}, the name of the release`;
    const hint = `The release has a Service of that name; call the version ${release.name}-v1, for example.`;
    const renamed = version.serviceSpecification?.metadata.name === service ? ['serviceSpecification'] : [];
    const key = version.external === undefined ? [...renamed, 'metadata', 'name'] : ['external', 'service'];
    return [{ path: versionPlace(release, version.name, ...key), message, hint }];
  });
}
