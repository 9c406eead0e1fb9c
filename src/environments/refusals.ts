import type { Contradiction } from '../release/contradiction.js';
import type { ReleaseModel } from '../release/model.js';
import { versionPlace } from '../release/model.js';
import type { RouteMatch, RoutePlan } from '../release/route-plan.js';

/** Returns a contradiction for every match of the plan for which `reason` says why it cannot be expressed. */
export function refuseMatches(
  plan: RoutePlan,
  environment: string,
  reason: (match: RouteMatch) => string | undefined,
): Contradiction[] {
  return plan.rules.flatMap(({ matches }) =>
    matches.flatMap((match): Contradiction[] => {
      const why = reason(match);
      if (why === undefined) return [];
      return [
        { path: match.place, message: `cannot be a match of ${environment}: ${why}`, hint: 'Write it another way.' },
      ];
    }),
  );
}

/** Returns a contradiction for every version whose Service would take the name of the one that the versions share. */
export function refuseSharedName(release: ReleaseModel): Contradiction[] {
  return release.versions.flatMap((version): Contradiction[] => {
    const { service, namespace } = version.address;
    const ownsIt = version.external?.kind !== 'deployment';
    if (!ownsIt || service !== release.name || namespace !== release.namespace) return [];
    const message = `is ${JSON.stringify(release.name)}, the name of the release`;
    const hint = `The release has a Service of that name; call the version ${release.name}-v1, for example.`;
    const key = version.external === undefined ? ['metadata', 'name'] : ['external', 'service'];
    return [{ path: versionPlace(release, version.name, ...key), message, hint }];
  });
}

/** Returns a notice for every path that the Gateway API would compare by its elements, and the environment as a text. */
export function noticeTextPrefixes({ rules }: RoutePlan): Contradiction[] {
  return rules.flatMap(({ matches }) =>
    matches.flatMap(({ place, path }): Contradiction[] => {
      if (place.at(-2) !== 'matches' || path?.kind !== 'prefix' || path.value.endsWith('/')) return [];
      const message = `is the prefix ${path.value}, which fits ${path.value}x as well in this environment`;
      return [{ path: [...place, 'path'], message, hint: `Write ${path.value}/ to match below it alone.` }];
    }),
  );
}
