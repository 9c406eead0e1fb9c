import type { ReleaseModel } from '../release/model.js';
import type { RoutePlan, RouteRule } from '../release/route-plan.js';

/**
 * Returns where a version stands in the release's route of the Gateway API, in the words by which Envoy Gateway names its
 * clusters: `NAMESPACE/NAME/rule/0/backend/1`; the rule alone where its backends have no filters and share a cluster; and
 * `…/rule/0-mirror-0` where requests are copied to it.
 */
export function placesInRoute(release: ReleaseModel, { rules }: RoutePlan, version: string): string[] {
  return rules.flatMap((rule, i) => {
    const place = `${release.namespace}/${release.name}/rule/${i}`;
    const copies = rule.mirrors.flatMap((mirror, j) => (mirror.version === version ? [`${place}-mirror-${j}`] : []));
    return [...placesAmong(release, rule, version).map((ending) => `${place}${ending}`), ...copies];
  });
}

/** A backend alone in its rule is called either way, by whether it has filters. */
function placesAmong({ versionHeader }: ReleaseModel, { backends, session }: RouteRule, version: string): string[] {
  const own = backends.flatMap((backend, j) => (backend.version === version ? [`/backend/${j}`] : []));
  if (own.length === 0) return [];
  if (backends.length === 1) return ['', ...own];
  return versionHeader || session !== undefined ? own : [''];
}
