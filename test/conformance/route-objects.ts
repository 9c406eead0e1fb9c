import type { Json } from '../../src/release/json.js';
import type { Manifest, VersionModel } from '../../src/release/model.js';
import { manifestsOf } from '../../src/synth/manifests.js';
import type { ResolvedRelease } from '../../src/values/resolve.js';

const workloads = ['Deployment', 'InferenceService', 'HorizontalPodAutoscaler', 'PodDisruptionBudget'];

/** Returns whatever routes: every object but the workloads and the versions' own Services. */
export function routeObjectsOf(release: ResolvedRelease): Manifest[] {
  const own = release.model.versions.map(({ address, namespace }) => `${namespace}/${address.service}`);
  return manifestsOf(release).filter(({ kind, metadata }) => {
    if (workloads.includes(kind)) return false;
    return kind !== 'Service' || !own.includes(`${metadata.namespace}/${metadata.name}`);
  });
}

/**
 * Returns the objects as text without what only describes a route: names and labels, the names of rules and the response
 * header that names the version. Annotations stay, as some targets are told by them. Two such texts differ only where requests may go other ways.
 */
export function effectOf(release: ResolvedRelease): string {
  const names = [release.model.name, ...release.model.versions.map(({ name }) => name)];
  return JSON.stringify(
    routeObjectsOf(release).map(({ metadata: { annotations = {} }, ...rest }) =>
      effective({ annotations, ...rest } as Json, names),
    ),
  );
}

function effective(node: Json, names: readonly string[]): Json {
  if (Array.isArray(node)) return node.map((each: Json) => effective(each, names));
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node);
  if (entries.some(([key, value]) => key === 'name' && value === 'app-version')) return null;
  // What is a reference stands beside a port; what names a rule does not.
  const isReference = entries.some(([key]) => key === 'port');
  return Object.fromEntries(
    entries
      .filter(([key]) => key !== 'app-version')
      .filter(([key, value]) => key !== 'name' || isReference || !names.includes(String(value)))
      .map(([key, value]) => [key, effective(value, names)]),
  );
}

/** Returns whether a version's Service stands with its port in one reference, such as `{name, port}` or `name:port`. */
export function refersTo(release: ResolvedRelease, { address }: VersionModel): boolean {
  const name = new RegExp(`(?<![\\w.-])${address.service}(?![\\w-])`);
  const port = new RegExp(`(?<!\\d)${address.port}(?!\\d)`);
  const tree = JSON.parse(effectOf(release)) as Json;
  return referencesIn(tree).some((text) => name.test(text) && port.test(text));
}

/** Every text, and every object of texts and numbers with the port one level below it, as Istio has it. */
function referencesIn(node: Json): string[] {
  if (typeof node === 'string') return [node];
  if (typeof node !== 'object' || node === null) return [];
  const children: readonly Json[] = Object.values(node);
  const flat = Array.isArray(node) ? [] : [Object.entries(node).map(plain).join(' ')];
  return [...flat, ...children.flatMap(referencesIn)];
}

function plain([key, value]: [string, Json]): string {
  if (typeof value !== 'object' || value === null) return String(value);
  return key === 'port' ? Object.values(value).join(' ') : '';
}

/** Returns whether a served model is asked for: by the model's own name where one Service serves all, else by its host. */
export function asksFor(release: ResolvedRelease, { name }: VersionModel): boolean {
  const byModel = release.environment.supports.includes('model-mesh-service');
  return new RegExp(byModel ? `"${name}"` : `(?<![\\w./-])${name}[-.]`).test(effectOf(release));
}
