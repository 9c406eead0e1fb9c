import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { runCommand } from './run-command.mjs';

/**
 * Where the definitions of the objects that sluice renders are published. No conversion webhook runs beside the API
 * server of the tests, so of Emissary's versions, which need one, only ours stays.
 */
export const crdModules = [
  {
    module: 'istio.io/api@v1.31.1',
    files: ['kubernetes/customresourcedefinitions.gen.yaml'],
    kinds: ['DestinationRule', 'Gateway', 'ServiceEntry', 'VirtualService'],
  },
  {
    module: 'sigs.k8s.io/gateway-api@v1.6.1',
    files: ['grpcroutes', 'httproutes', 'referencegrants'].map(
      (plural) => `config/crd/standard/gateway.networking.k8s.io_${plural}.yaml`,
    ),
    kinds: ['GRPCRoute', 'HTTPRoute', 'ReferenceGrant'],
  },
  {
    module: 'github.com/kserve/kserve@v0.15.2',
    files: ['config/crd/full/serving.kserve.io_inferenceservices.yaml'],
    kinds: ['InferenceService'],
  },
  {
    module: 'github.com/emissary-ingress/emissary/v3@v3.9.1',
    files: ['pkg/api/getambassador.io/crds.yaml'],
    kinds: ['Mapping'],
    version: 'v3alpha1',
  },
];

/** Writes `crds.json`, a List that kubectl takes, into the folder. Go checks every module against its sum database. */
export async function collectCrds(folder) {
  const found = await Promise.all(crdModules.map((source) => crdsOf(source, folder)));
  const list = { apiVersion: 'v1', kind: 'List', items: found.flat() };
  await writeFile(join(folder, 'crds.json'), JSON.stringify(list));
}

async function crdsOf({ module, files, kinds, version }, folder) {
  const whenAbsent = 'the definitions come out of Go modules: install Go 1.26 or newer';
  const { Dir } = JSON.parse(await runCommand('go', ['mod', 'download', '-json', module], { cwd: folder, whenAbsent }));
  const texts = await Promise.all(files.map((file) => readFile(join(Dir, file), 'utf8')));
  const objects = texts.flatMap(objectsOf);
  return kinds.map((kind) => {
    const crd = objects.find((object) => object?.spec?.names?.kind === kind);
    if (crd === undefined) throw new Error(`Cannot find the definition of ${kind} in ${module}`);
    return withoutWebhook(crd, version);
  });
}

function objectsOf(text) {
  return parseAllDocuments(text).map((document) => {
    if (document.errors.length > 0) throw document.errors[0];
    return document.toJS();
  });
}

/** `preserveUnknownFields` is of a version of the API that is gone. */
function withoutWebhook({ apiVersion, kind, metadata, spec }, version) {
  const { conversion: _, preserveUnknownFields: __, versions, ...rest } = spec;
  const kept = versions.filter(({ name }) => version === undefined || name === version);
  const stored = version === undefined ? kept : kept.map((one) => ({ ...one, served: true, storage: true }));
  return { apiVersion, kind, metadata, spec: { ...rest, versions: stored } };
}
