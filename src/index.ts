export { sharedMetadata } from './environments/metadata.js';
export { renderVersions } from './environments/workload.js';
export { ConfigError, GitError, InternalError, type Problem, SourceError } from './errors.js';
export type { Contradiction } from './release/contradiction.js';
export type { Capability, Environment } from './release/environment.js';
export type { Json, JsonObject } from './release/json.js';
export { type Manifest, type ReleaseModel, type VersionModel, versionNamed, type Workload } from './release/model.js';
export { type RoutePlan, type RouteRule, ruleFor } from './release/route-plan.js';
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
