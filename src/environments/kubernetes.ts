import { ApiObject } from 'cdk8s';
import type { Contradiction } from '../release/contradiction.js';
import type { Environment, Prepared } from '../release/environment.js';
import type { Json, JsonObject, Texts } from '../release/json.js';
import { primaryOf, type ReleaseModel, type VersionModel, versionPlace } from '../release/model.js';
import type { RoutePlan } from '../release/route-plan.js';
import { releaseLabels } from './labels.js';
import { sharedMetadata } from './metadata.js';
import { refuseSharedName } from './refusals.js';
import { isDivided, noticeRatio, refuseRatio, replicasOf } from './replica-ratio.js';
import { renderVersions } from './workload.js';
import { noticeSelectors, oncePerPlace, refuseScaling, valueAt, writtenParts } from './workload-checks.js';

/** How long a Service can remember a client, in seconds. */
const MAX_AFFINITY = 86_400;

/** Plain Kubernetes: a Deployment and a Service per version; with weights, one Service over the pods that they divide. */
export const kubernetes = {
  id: 'kubernetes',
  aliases: ['deployment'],
  workloads: 'Deployment',
  supports: ['weight', 'replicas', 'client-ip-affinity', 'version-namespace', 'autoscaler', 'disruption-budget'],
  refuses: (release, plan) => [
    ...refuseRatio(release, plan),
    ...refuseAffinity(release, plan),
    ...(isDivided(plan) ? refuseSharedService(release) : refuseScaling(release)),
  ],
  notices: (release, plan) => [...noticeRatio(release, plan), ...noticeSelectors(prepare(release, plan).release)],
  prepare,
  render(scope, release) {
    renderVersions(scope, release);
    if (release.replicas !== undefined) new ApiObject(scope, 'service', sharedService(release));
  },
} as const satisfies Environment;

/** Gives every version its pods. */
function prepare(release: ReleaseModel, plan: RoutePlan): Prepared {
  const replicas = replicasOf(release, plan);
  if (replicas === undefined) return { release: { ...release, replicas: undefined }, plan };
  const versions = release.versions.map((version) => divided(release, version, replicas.get(version.name) ?? 0));
  return { release: { ...release, versions }, plan };
}

/** Whatever a person wrote of the Deployment, the number of pods and the labels that the shared Service selects stay. */
function divided(release: ReleaseModel, version: VersionModel, pods: number): VersionModel {
  const { overlays, workloadSpecification } = version;
  if (overlays.length === 0 && workloadSpecification?.spec === undefined) return { ...version, pods };
  const division = { spec: { replicas: pods, template: { metadata: { labels: sharedSelector(release) } } } };
  return { ...version, pods, overlays: [...overlays, division] };
}

/** Of the labels on the pods, those that all versions have and that never change. */
function sharedSelector(release: ReleaseModel): Texts {
  const { 'app.kubernetes.io/instance': _, ...selector } = releaseLabels(release);
  return selector;
}

function sharedService(release: ReleaseModel) {
  const { sessionAffinity } = release;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: sharedMetadata(release),
    spec: {
      type: 'ClusterIP',
      selector: sharedSelector(release),
      ports: [portOf(primaryOf(release))],
      sessionAffinity: sessionAffinity === undefined ? 'None' : 'ClientIP',
      ...(sessionAffinity !== undefined && {
        sessionAffinityConfig: { clientIP: { timeoutSeconds: sessionAffinity.maxAge } },
      }),
    },
  };
}

/** The port of the version's own Service, which the shared one repeats. */
function portOf({ address, servicePort }: VersionModel) {
  const { targetPort, protocol, appProtocol } = servicePort;
  return { port: address.port, targetPort, protocol, ...(appProtocol !== undefined && { appProtocol }) };
}

/** The position of the version's port in a serviceSpecification; -1 where it is not there. */
function givenPort({ address, serviceSpecification }: VersionModel): number {
  const ports = serviceSpecification?.spec?.ports;
  const list: readonly Json[] = Array.isArray(ports) ? ports : [];
  return list.findIndex((each) => valueAt(each, ['port']) === address.port);
}

function refuseAffinity({ sessionAffinity }: ReleaseModel, plan: RoutePlan): Contradiction[] {
  if (sessionAffinity === undefined) return [];
  if (!isDivided(plan)) {
    const message = 'has no effect, since nothing divides the requests';
    return [
      { path: ['application', 'sessionAffinity'], message, hint: 'Remove it, or choose the strategy blue-green.' },
    ];
  }
  if (sessionAffinity.maxAge <= MAX_AFFINITY) return [];
  const message = `is ${sessionAffinity.maxAge} seconds, and a Service remembers a client for at most ${MAX_AFFINITY}`;
  return [{ path: ['application', 'sessionAffinity', 'maxAge'], message, hint: 'Give at most 24h.' }];
}

/** Returns why one Service cannot reach the pods of all versions. */
function refuseSharedService(release: ReleaseModel): Contradiction[] {
  return [
    ...refuseSharedName(release),
    ...release.versions.flatMap((version) => [...refusePort(release, version), ...refuseNamespace(release, version)]),
    ...oncePerPlace(release.versions.flatMap((version) => refuseLabels(release, version))),
  ];
}

function refusePort(release: ReleaseModel, version: VersionModel): Contradiction[] {
  const primary = primaryOf(release);
  const [own, expected]: JsonObject[] = [portOf(version), portOf(primary)];
  const key = ['port', 'targetPort', 'protocol', 'appProtocol'].find((each) => own?.[each] !== expected?.[each]);
  if (key === undefined) return [];
  const position = givenPort(version);
  const rest =
    position === -1 ? [key === 'appProtocol' ? key : 'port'] : ['serviceSpecification', 'spec', 'ports', position, key];
  const said = (value: Json | undefined) => (value === undefined ? 'none' : JSON.stringify(value));
  const message = `is ${said(own?.[key])}, but that of ${primary.name} is ${said(expected?.[key])}`;
  const hint = `The Service ${release.name} leads to all versions by one port; give them the same.`;
  return [{ path: versionPlace(release, version.name, ...rest), message, hint }];
}

function refuseNamespace(release: ReleaseModel, version: VersionModel): Contradiction[] {
  const written = {
    metadata: version.namespace,
    deploymentSpecification: version.workloadSpecification?.metadata.namespace ?? release.namespace,
  };
  return Object.entries(written).flatMap(([key, namespace]): Contradiction[] => {
    if (namespace === release.namespace) return [];
    const rest = key === 'metadata' ? [key, 'namespace'] : [key, 'metadata', 'namespace'];
    const message = `is ${namespace}, but the Service ${release.name} reaches the pods of ${release.namespace} alone`;
    const hint = 'Keep the versions in one namespace, or choose an environment with routes.';
    return [{ path: versionPlace(release, version.name, ...rest), message, hint }];
  });
}

function refuseLabels(release: ReleaseModel, version: VersionModel): Contradiction[] {
  const selector = Object.entries(sharedSelector(release));
  return writtenParts(release, version).flatMap(({ place, part }) =>
    selector.flatMap(([key, expected]): Contradiction[] => {
      const path = ['spec', 'template', 'metadata', 'labels', key];
      const value = valueAt(part, path);
      if (value === undefined || value === expected) return [];
      const message = `is ${JSON.stringify(value)}, but the Service ${release.name} finds its pods by ${key}: ${expected}`;
      return [{ path: [...place, ...path], message, hint: 'Remove it; other labels are free.' }];
    }),
  );
}
