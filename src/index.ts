export { noticeAffinity, refuseCookieMatches, sessionCookie } from './environments/cookie-affinity.js';
export { gatewaysOf, type HostForms, ownHosts, refuseHosts } from './environments/hosts.js';
export { sharedMetadata } from './environments/metadata.js';
export { type NameOptions, objectName } from './environments/names.js';
export {
  type Misrouted,
  misrouted,
  type PrecedenceOptions,
  type Rank,
  type Ranking,
} from './environments/precedence.js';
export {
  onlyInIstio,
  type Reasons,
  refuseMatches,
  refuseSharedName,
  type Unfit,
} from './environments/refusals.js';
export { refuseProtocols } from './environments/route-checks.js';
export { renderVersions } from './environments/workload.js';
export { noticeSelectors, refuseScaling } from './environments/workload-checks.js';
export { ConfigError, GitError, InternalError, type Problem, SourceError } from './errors.js';
export type { Contradiction, PathSegment } from './release/contradiction.js';
export type { Capability, Environment, Prepared } from './release/environment.js';
export type { Json, JsonObject } from './release/json.js';
export {
  type Manifest,
  primaryOf,
  type ReleaseModel,
  type VersionModel,
  versionNamed,
  versionPlace,
  type Workload,
} from './release/model.js';
export {
  comparesElements,
  type RouteMatch,
  type RoutePlan,
  type RouteRule,
  ruleFor,
} from './release/route-plan.js';
export type { Strategy } from './release/strategy.js';
export {
  type ApplicationProps,
  type MatchProps,
  type MetadataProps,
  type OverlayProps,
  Release,
  type ReleaseProps,
  type SpecificationProps,
  type VersionProps,
  type WorkloadProps,
} from './synth/release.js';
export { type SynthOptions, synth } from './synth/synth.js';
export { toYaml, toYamlStream } from './synth/yaml-writer.js';
export { valuesJsonSchema } from './values/json-schema.js';
export type { Registry } from './values/lookup.js';
