import type { JsonObject, Texts } from '../release/json.js';
import { type ReleaseModel, versionNamed } from '../release/model.js';
import {
  anyRequest,
  type PlannedMapping,
  type RouteMatch,
  type RoutePlan,
  type RouteRule,
} from '../release/route-plan.js';
import { conditionTexts, type MappingMatch, mappingMatch, textPlan } from './emissary-match.js';
import { ownHosts } from './hosts.js';
import { sharedMetadata } from './metadata.js';
import { objectName } from './names.js';

/** What one Mapping sends where. */
type Branch = Pick<PlannedMapping, 'version' | 'shadow' | 'weight' | 'alone'>;

/** Where a Mapping takes requests from. */
interface Entrance {
  readonly host: string;
  readonly match: MappingMatch;
  /** Whether its match is that of the rule for every request, but for the prefix of the release alone. */
  readonly open: boolean;
}

/** Returns the host names of a release's Mappings: its own, or else any. */
export function mappingHosts(release: ReleaseModel): string[] {
  return release.hosts.length > 0 ? ownHosts(release) : ['*'];
}

/** Returns a Mapping for every match, host and version of every rule. A match that a rule repeats counts once. */
export function planMappings(release: ReleaseModel, plan: RoutePlan): PlannedMapping[] {
  return textPlan(release.prefix, plan).rules.flatMap((rule) =>
    entrances(release, rule.matches).flatMap((entrance) =>
      branches(release, rule).map((branch) => ({
        name: mappingName(release, entrance, branch),
        host: entrance.host,
        ...entrance.match,
        ...branch,
      })),
    ),
  );
}

function entrances(release: ReleaseModel, matches: readonly RouteMatch[]): Entrance[] {
  const all = (matches.length > 0 ? matches : [anyRequest]).map((each) => mappingMatch(release.prefix, each));
  const distinct = new Map(all.map((each) => [JSON.stringify(each), each]));
  const everything = JSON.stringify(mappingMatch(release.prefix, anyRequest));
  return [...distinct].flatMap(([text, match]) =>
    mappingHosts(release).map((host) => ({ host, match, open: text === everything })),
  );
}

/** The primary's weight is left to Emissary, so that a step of a rollout changes the candidates' Mappings alone. */
function branches(release: ReleaseModel, { backends, mirrors, weighted }: RouteRule): Branch[] {
  const alone = backends.length === 1;
  return [
    ...backends.map(({ version, share }) => ({
      version,
      shadow: false,
      weight: (weighted || !alone) && version !== release.primary ? share : undefined,
      alone,
    })),
    ...mirrors.map(({ version, percent }) => ({ version, shadow: true, weight: percent, alone: false })),
  ];
}

/** Says nothing of weights, positions or other versions, so that it stays while they change. */
function mappingName({ name }: ReleaseModel, { host, match, open }: Entrance, { version, shadow }: Branch): string {
  const identity = [shadow ? 'shadow' : '', host, ...(open ? [] : conditionTexts(match))];
  return objectName([name, version], { identity, plain: open && !shadow && host === '*' });
}

/** Returns the object of a planned Mapping. */
export function mapping(release: ReleaseModel, planned: PlannedMapping) {
  const { host, path, rewrite, method, weight, shadow, alone } = planned;
  const { address, protocol } = versionNamed(release, planned.version);
  return {
    apiVersion: 'getambassador.io/v3alpha1',
    kind: 'Mapping',
    // The same labels on every Mapping: Emissary 3.8 and later reads them when it gathers Mappings into groups.
    metadata: sharedMetadata(release, planned.name),
    spec: {
      hostname: host,
      prefix: path.value,
      ...(path.kind === 'exact' && { prefix_exact: true }),
      ...(path.kind === 'regex' && { prefix_regex: true }),
      rewrite,
      ...(method !== undefined && { method }),
      ...unlessEmpty('headers', planned.headers.exact),
      ...unlessEmpty('regex_headers', planned.headers.regex),
      ...unlessEmpty('query_parameters', planned.query.exact),
      ...unlessEmpty('regex_query_parameters', planned.query.regex),
      service: `${address.service}.${address.namespace}:${address.port}`,
      ...(weight !== undefined && { weight }),
      ...(shadow && { shadow }),
      ...(protocol === 'grpc' && { grpc: true }),
      ...(release.versionHeader && alone && { add_response_headers: versionHeader(planned.version) }),
    },
  };
}

function unlessEmpty(key: string, texts: Texts): JsonObject {
  return Object.keys(texts).length > 0 ? { [key]: texts } : {};
}

/** Replaces a header of the same name that the version set itself, as other environments do. */
function versionHeader(version: string) {
  return { 'app-version': { value: version, append: false } };
}
