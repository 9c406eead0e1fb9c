import type { JsonObject } from '../../src/release/json.js';
import { type Resource, resourcesOf } from './api-resources.js';
import type { ApiServer } from './api-server.js';
import { eventually } from './eventually.js';

/** An object as the API server keeps it. */
export interface Kept {
  readonly uid: string;
  readonly resourceVersion: string;
  /** The object without what the API server and Helm know of it beside the manifest. */
  readonly meaning: JsonObject;
}

interface Metadata {
  readonly name: string;
  readonly namespace?: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly labels?: JsonObject;
  readonly annotations?: JsonObject;
}

interface DefinitionList {
  readonly items: readonly {
    readonly spec: {
      readonly group: string;
      readonly scope: string;
      readonly names: { readonly kind: string };
      readonly versions: readonly { readonly name: string; readonly served: boolean }[];
    };
  }[];
}

interface PartialList {
  /** An empty list is null. */
  readonly items: readonly { readonly metadata: Metadata }[] | null;
}

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const partial = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

/** Where the API server says what it would make of an object; nothing is ever kept there. */
const sketches = 'sketches';

/** What stands in the namespaces of a cluster. */
export class ClusterObjects {
  readonly #server: ApiServer;
  readonly #resources: readonly Resource[];

  private constructor(server: ApiServer, resources: readonly Resource[]) {
    this.#server = server;
    this.#resources = resources;
  }

  static async of(server: ApiServer): Promise<ClusterObjects> {
    const wanted = await definedKinds(server);
    const resources = await eventually(() => allResources(server, wanted), {
      what: 'every kind among those to be had',
    });
    const objects = new ClusterObjects(server, resources);
    await objects.addNamespace(sketches);
    return objects;
  }

  async addNamespace(name: string): Promise<void> {
    const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
    await this.#server.ask('/api/v1/namespaces', { method: 'POST', body });
  }

  /**
   * Returns the names of all objects of a namespace, such as `Deployment.apps/reviews`, without Helm's own records and
   * the events in which the API server itself tells of its work.
   */
  async names(namespace: string): Promise<string[]> {
    // An object is listed in every version of its group.
    const kinds = new Map(this.#resources.map((resource) => [`${resource.kind}.${resource.group}`, resource]));
    const found = [...kinds].map(async ([kind, { path }]) => {
      const { items } = await this.#server.ask<PartialList>(path.replace('NAMESPACE', namespace), { accept: partial });
      const metadata = (items ?? []).map((item) => item.metadata);
      return metadata.filter(({ labels }) => labels?.owner !== 'helm').map(({ name }) => `${kind}/${name}`);
    });
    return (await Promise.all(found)).flat().sort();
  }

  /** Returns the object of that kind and name, read from the API server. */
  async read(object: JsonObject): Promise<Kept> {
    const kept = await this.#server.ask(this.pathOf(object));
    const { uid, resourceVersion } = metadataOf(kept);
    return { uid, resourceVersion, meaning: meaningOf(kept) };
  }

  /**
   * Returns what the API server would make of an object that is not there yet: with its defaults written out.
   *
   * @throws Error when it refuses the object, or knows a field of it not
   */
  async sketch(object: JsonObject): Promise<JsonObject> {
    const path = this.#resourceOf(object).path.replace('NAMESPACE', sketches);
    const body = { ...object, metadata: { ...(object.metadata as JsonObject), namespace: sketches } };
    return meaningOf(await this.#server.ask(`${path}?dryRun=All&fieldValidation=Strict`, { method: 'POST', body }));
  }

  /** Returns where the API server keeps the object. */
  pathOf(object: JsonObject): string {
    const { name, namespace } = metadataOf(object);
    return `${this.#resourceOf(object).path.replace('NAMESPACE', namespace as string)}/${name}`;
  }

  /** As `names` would list it. */
  nameOf(object: JsonObject): string {
    const { kind, group } = this.#resourceOf(object);
    return `${kind}.${group}/${metadataOf(object).name}`;
  }

  #resourceOf({ apiVersion, kind }: JsonObject): Resource {
    const found = this.#resources.find((resource) => resource.apiVersion === apiVersion && resource.kind === kind);
    if (found === undefined) throw new Error(`The API server knows no ${kind} of ${apiVersion}`);
    return found;
  }
}

/** `group/version kind` of every kind that is defined, has a namespace and is served. */
async function definedKinds(server: ApiServer): Promise<readonly string[]> {
  const { items } = await server.ask<DefinitionList>(definitions);
  const namespaced = items.map(({ spec }) => spec).filter(({ scope }) => scope === 'Namespaced');
  return namespaced.flatMap(({ group, names: { kind }, versions }) =>
    versions.filter(({ served }) => served).map(({ name }) => `${group}/${name} ${kind}`),
  );
}

/** An API server serves a kind a moment before it says so; undefined until it does of every one that is wanted. */
async function allResources(server: ApiServer, wanted: readonly string[]): Promise<Resource[] | undefined> {
  const resources = (await resourcesOf(server)).filter(isListed);
  const found = new Set(resources.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`));
  return wanted.every((each) => found.has(each)) ? resources : undefined;
}

function isListed({ isNamespaced, verbs, plural }: Resource): boolean {
  return isNamespaced && verbs.includes('list') && plural !== 'events';
}

function metadataOf(object: JsonObject): Metadata {
  return object.metadata as unknown as Metadata;
}

/** The address of a Service is another one every time; Helm marks what is its own. */
function meaningOf(object: JsonObject): JsonObject {
  const { name, labels, annotations } = metadataOf(object);
  const { clusterIP: _, clusterIPs: __, ...spec } = object.spec as JsonObject;
  const marks = ['app.kubernetes.io/managed-by', 'meta.helm.sh/release-name', 'meta.helm.sh/release-namespace'];
  const unmarked = (texts: JsonObject = {}) =>
    Object.fromEntries(Object.entries(texts).filter(([key]) => !marks.includes(key)));
  return { ...object, metadata: { name, labels: unmarked(labels), annotations: unmarked(annotations) }, spec };
}
