import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { runCommand } from './run-command.mjs';

/**
 * Where the definitions of the objects that sluice renders, and of those around them, are published: a file or folder of
 * a module. `name` becomes a file of that name; the two of Gateway API define the same kinds and exclude one another.
 * No conversion webhook runs beside the API server of the tests, so of Emissary's versions, which need one, only ours
 * stays.
 */
export const crdModules = [
  { name: 'istio', module: 'istio.io/api@v1.31.1', path: 'kubernetes/customresourcedefinitions.gen.yaml' },
  { name: 'gateway-api', module: 'sigs.k8s.io/gateway-api@v1.6.1', path: 'config/crd/standard' },
  { name: 'gateway-api-experimental', module: 'sigs.k8s.io/gateway-api@v1.6.1', path: 'config/crd/experimental' },
  { name: 'kserve', module: 'github.com/kserve/kserve@v0.15.2', path: 'config/crd/full' },
  { name: 'knative', module: 'knative.dev/serving@v0.51.0', path: 'config/core/300-resources' },
  {
    name: 'emissary',
    module: 'github.com/emissary-ingress/emissary/v3@v3.9.1',
    path: 'pkg/api/getambassador.io/crds.yaml',
    version: 'v3alpha1',
  },
  {
    name: 'prometheus-operator',
    module: 'github.com/prometheus-operator/prometheus-operator@v0.85.0',
    path: 'example/prometheus-operator-crd',
  },
  { name: 'argo-cd', module: 'github.com/argoproj/argo-cd/v3@v3.5.7', path: 'manifests/crds' },
  { name: 'flux-source', module: 'github.com/fluxcd/source-controller@v1.9.6', path: 'config/crd/bases' },
  { name: 'flux-kustomize', module: 'github.com/fluxcd/kustomize-controller@v1.9.6', path: 'config/crd/bases' },
  { name: 'flux-helm', module: 'github.com/fluxcd/helm-controller@v1.4.0', path: 'config/crd/bases' },
];

/** Writes a List that kubectl takes into the folder for every source. */
export async function collectCrds(folder) {
  await Promise.all(
    crdModules.map(async (source) => {
      const items = await crdsOf(source, folder);
      if (items.length === 0) throw new Error(`Cannot find a definition in ${source.path} of ${source.module}`);
      const list = { apiVersion: 'v1', kind: 'List', items };
      await writeFile(join(folder, `${source.name}.json`), JSON.stringify(list));
    }),
  );
}

/** Go checks every module against its sum database. */
async function crdsOf({ module, path, version }, folder) {
  const whenAbsent = 'the definitions come out of Go modules: install Go 1.26 or newer';
  const { Dir } = JSON.parse(await runCommand('go', ['mod', 'download', '-json', module], { cwd: folder, whenAbsent }));
  const texts = await Promise.all((await filesOf(join(Dir, path))).map((file) => readFile(file, 'utf8')));
  const crds = texts.flatMap(objectsOf).filter((object) => object?.kind === 'CustomResourceDefinition');
  return crds.map((crd) => withoutWebhook(crd, version)).filter(({ spec }) => spec.versions.length > 0);
}

async function filesOf(path) {
  if (path.endsWith('.yaml')) return [path];
  const names = (await readdir(path)).filter((name) => name.endsWith('.yaml') && name !== 'kustomization.yaml');
  return names.sort().map((name) => join(path, name));
}

/** Some publish a template: a line that only opens or closes a block of it is no YAML. */
function objectsOf(text) {
  return parseAllDocuments(text.replaceAll(/^\{\{.*\n/gm, '')).map((document) => {
    if (document.errors.length > 0) throw document.errors[0];
    return document.toJS();
  });
}

/** `preserveUnknownFields` is of a version of the API that is gone; an API server starts in half the time without prose. */
function withoutWebhook({ apiVersion, kind, metadata, spec }, version) {
  const { conversion: _, preserveUnknownFields: __, versions, ...rest } = spec;
  const kept = versions.filter(({ name }) => version === undefined || name === version);
  const stored = version === undefined ? kept : kept.map((one) => ({ ...one, served: true, storage: true }));
  return { apiVersion, kind, metadata, spec: { ...rest, versions: withoutProse(stored) } };
}

/** A property may be called `description` too, and a default may hold one. */
function withoutProse(schema) {
  if (Array.isArray(schema)) return schema.map(withoutProse);
  if (typeof schema !== 'object' || schema === null) return schema;
  const kept = Object.entries(schema).filter(([key, value]) => key !== 'description' || typeof value !== 'string');
  return Object.fromEntries(kept.map(([key, value]) => [key, key === 'default' ? value : withoutProse(value)]));
}
