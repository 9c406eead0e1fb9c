import type { ApiServer } from './api-server.js';

/** A kind that an API server serves. */
export interface Resource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly group: string;
  /** As it stands in paths. */
  readonly plural: string;
  readonly isNamespaced: boolean;
  readonly verbs: readonly string[];
  /** Of its objects, with `NAMESPACE` in it where they have one. */
  readonly path: string;
}

interface Discovery {
  readonly items: readonly Group[];
}

interface Group {
  readonly metadata?: { readonly name?: string };
  readonly versions: readonly {
    readonly version: string;
    readonly resources: readonly {
      readonly resource: string;
      readonly responseKind: { readonly kind: string };
      readonly scope: string;
      readonly verbs: readonly string[];
    }[];
  }[];
}

const discovery = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/** Returns what the API server says that it serves. */
export async function resourcesOf(server: ApiServer): Promise<Resource[]> {
  const roots = ['/api', '/apis'].map((path) => server.ask<Discovery>(path, { accept: discovery }));
  return (await Promise.all(roots)).flatMap(({ items }) => items.flatMap(resourcesIn));
}

function resourcesIn({ metadata, versions }: Group): Resource[] {
  const group = metadata?.name ?? '';
  return versions.flatMap(({ version, resources }) => {
    const apiVersion = group === '' ? version : `${group}/${version}`;
    const root = group === '' ? `/api/${version}` : `/apis/${apiVersion}`;
    return resources.map(({ resource: plural, responseKind: { kind }, scope, verbs }) => {
      const isNamespaced = scope === 'Namespaced';
      const path = isNamespaced ? `${root}/namespaces/NAMESPACE/${plural}` : `${root}/${plural}`;
      return { apiVersion, kind, group, plural, isNamespaced, verbs, path };
    });
  });
}
