import type { Contradiction } from '../release/contradiction.js';
import type { Texts } from '../release/json.js';
import type { External, ReleaseModel, VersionModel } from '../release/model.js';
import { versionPlace } from '../release/model.js';
import { sharedMetadata } from './metadata.js';

/** A version whose Deployment stands, with others, behind the Service that is called like the release. */
type Subset = VersionModel & { readonly external: External };

/** Returns whether the version is a part of the pods behind the release's own Service. */
export function isSubset(version: VersionModel): version is Subset {
  return version.external?.kind === 'deployment';
}

/** Returns the DestinationRule that tells the Deployments behind the release's Service apart, routed to or not. */
export function destinationRule(release: ReleaseModel) {
  const { name, namespace, versions } = release;
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: sharedMetadata(release),
    spec: {
      host: `${name}.${namespace}.svc.cluster.local`,
      subsets: versions.filter(isSubset).map(({ name: subset, external }) => ({
        name: subset,
        labels: { ...external.labels },
      })),
    },
  };
}

/** Returns a contradiction for every Deployment that the Service cannot select, or that no labels tell from another. */
export function refuseSubsets(release: ReleaseModel): Contradiction[] {
  const subsets = release.versions.filter(isSubset);
  return subsets.flatMap((version, i): Contradiction[] => {
    if (version.address.elsewhere) {
      const path = versionPlace(release, version.name, 'metadata', 'namespace');
      const message = `is ${version.address.namespace}, where the Service ${release.name} selects no pods`;
      return [
        { path, message, hint: `The Deployment has to be in ${release.namespace}; or route to its own Service.` },
      ];
    }
    const path = versionPlace(release, version.name, 'external', 'labels');
    const twin = subsets.find(({ external }, j) => j !== i && holdsAll(version.external.labels, external.labels));
    // Of two with the same labels, the later is to blame.
    if (twin === undefined || (subsets.indexOf(twin) > i && holdsAll(twin.external.labels, version.external.labels))) {
      return [];
    }
    const message = `hold all the labels of ${twin.name}, which would get these pods' requests too`;
    return [{ path, message, hint: 'Give each version labels that the pods of no other version have.' }];
  });
}

function holdsAll(labels: Texts, wanted: Texts): boolean {
  return Object.entries(wanted).every(([key, value]) => labels[key] === value);
}
