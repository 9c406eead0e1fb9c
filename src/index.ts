export { ConfigError, GitError, InternalError, type Problem, SourceError } from './errors.js';
export type { Json, JsonObject } from './release/json.js';
export type { Workload } from './release/model.js';
export {
  type ApplicationProps,
  type DeploymentProps,
  type MetadataProps,
  Release,
  type ReleaseProps,
  type VersionProps,
} from './synth/release.js';
export { toYaml, toYamlStream } from './synth/yaml-writer.js';
export { valuesJsonSchema } from './values/json-schema.js';
