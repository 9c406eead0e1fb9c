import type { Contradiction, PathSegment } from '../release/contradiction.js';
import { type ReleaseModel, type VersionModel, versionNamed, versionPlace } from '../release/model.js';
import type { Mirror, RoutePlan } from '../release/route-plan.js';
import { percentOf } from './copy-plan.js';
import { refuseMode } from './deployment-mode.js';
import { refuseGateways, refuseIstioHosts } from './istio-hosts.js';
import { refuseIstioMatches } from './istio-match.js';
import {
  type PredictorNaming,
  predictionPath,
  predictorName,
  protocolVersionOf,
  protocolVersions,
} from './kserve-predictor.js';
import { branchesOf } from './kserve-prepare.js';
import { BRANCH, knativeGateways, shadowName, splits } from './kserve-serverless.js';
import { refuseMatches } from './refusals.js';

const MAX_LABEL = 63;

/** Returns what of the versions no InferenceService can be, whatever the deployment mode. */
export function refuseInferenceServices(release: ReleaseModel, naming: PredictorNaming): Contradiction[] {
  const { deploymentMode } = release;
  const hint = 'Leave the annotation out and give application.deploymentMode.';
  return [
    ...release.versions.flatMap((version) => [
      ...refuseNames(release, version, naming),
      ...refuseProtocol(release, version),
    ]),
    ...refuseMode(release, { deploymentMode, hint }),
  ];
}

/** KServe makes objects called like the InferenceService and like its predictor. */
function refuseNames(release: ReleaseModel, version: VersionModel, naming: PredictorNaming): Contradiction[] {
  const path = namePlace(release, version);
  const predictor = predictorName(version, naming);
  if (predictor.length > MAX_LABEL) {
    const message = `is ${quoted(version.name)}, and its predictor ${quoted(predictor)} is longer than 63 characters`;
    return [{ path, message, hint: `Use at most ${MAX_LABEL - naming.predictorSuffix.length} characters.` }];
  }
  if (version.address.namespace === release.namespace && [version.name, predictor].includes(release.name)) {
    const called = version.name === release.name ? '' : `, whose predictor is ${quoted(predictor)}`;
    const message = `is ${quoted(version.name)}${called}, the name of the release`;
    return [{ path, message, hint: 'KServe and the release would own one Service; call the version otherwise.' }];
  }
  const other = release.versions.find(
    (each) => each.name === predictor && each.address.namespace === version.address.namespace,
  );
  if (other === undefined) return [];
  const message = `is ${quoted(predictor)}, the name of the predictor of ${version.name}`;
  return [
    { path: namePlace(release, other), message, hint: 'Both would own one Service; call one of them otherwise.' },
  ];
}

function refuseProtocol(release: ReleaseModel, version: VersionModel): Contradiction[] {
  const protocol = protocolVersionOf(release, version);
  if (protocolVersions.includes(protocol)) return [];
  const message = `has the protocol version ${quoted(protocol)}, whose path is unknown`;
  return [{ path: versionPlace(release, version.name), message, hint: `Known are: ${protocolVersions.join(', ')}.` }];
}

/** Returns what of the plan Knative's gateways cannot carry out. */
export function refuseServerless(release: ReleaseModel, plan: RoutePlan): Contradiction[] {
  return [
    ...refuseIstioHosts(release),
    // The route is bound to Knative's own gateways, and to those of its hosts.
    ...refuseGateways({ ...release, gateway: undefined }),
    ...refuseIstioMatches(plan, 'kserve', knativeGateways),
    ...refuseMixed(release),
    ...refuseBranchMatches(plan),
    ...refuseMirrors(release, plan),
  ];
}

function refuseBranchMatches(plan: RoutePlan): Contradiction[] {
  if (branchesOf(plan).length === 0) return [];
  return refuseMatches(plan, 'kserve', ({ headers }) => {
    const named = headers.find(({ name }) => name.toLowerCase() === BRANCH);
    if (named === undefined) return [];
    const why = `the header ${BRANCH} carries the version from the first hop of a split to the second`;
    return [{ why, hint: 'Match another header.' }];
  });
}

function refuseMirrors(release: ReleaseModel, plan: RoutePlan): Contradiction[] {
  const mirroring = plan.rules.filter(({ mirrors }) => mirrors.length > 0);
  const [rule] = mirroring;
  if (rule === undefined) return [];
  if (mirroring.length > 1 || splits(rule)) {
    const message = 'mirrors from more than one rule or version, which kserve cannot tell apart';
    return [{ path: ['application', 'strategy'], message, hint: 'Mirror what one version answers, in one rule.' }];
  }
  return [...refuseShadowName(release), ...refuseSum(release, rule.mirrors)];
}

function refuseShadowName(release: ReleaseModel): Contradiction[] {
  const name = shadowName(release);
  if (name.length > MAX_LABEL) {
    const message = `is ${quoted(release.name)}, and its VirtualService ${quoted(name)} is longer than 63 characters`;
    const hint = `To mirror, use at most ${MAX_LABEL - (name.length - release.name.length)} characters.`;
    return [{ path: ['application', 'metadata', 'name'], message, hint }];
  }
  return release.versions.flatMap((version): Contradiction[] => {
    if (version.name !== name || version.address.namespace !== release.namespace) return [];
    const message = `is ${quoted(name)}, the name of the VirtualService of the mirrored requests`;
    const hint = 'KServe makes a VirtualService like each InferenceService; call the version otherwise.';
    return [{ path: namePlace(release, version), message, hint }];
  });
}

function refuseSum(release: ReleaseModel, mirrors: readonly Mirror[]): Contradiction[] {
  const sum = percentOf(mirrors);
  const last = mirrors.at(-1);
  if (last === undefined || sum <= 100) return [];
  const message = `brings the mirrors to ${sum} %, and kserve copies a request at most once`;
  const hint = 'Give the candidates at most 100 % together; each copy goes to one of them.';
  return [{ path: versionPlace(release, last.version, 'weight'), message, hint }];
}

/** No route makes an HTTP request of a gRPC one, or the other way round. */
function refuseMixed(release: ReleaseModel): Contradiction[] {
  const { primary } = release;
  const kind = (name: string) => (predictionPath(release, versionNamed(release, name)) === undefined ? 'gRPC' : 'HTTP');
  const expected = kind(primary);
  return release.versions.flatMap(({ name, routed }): Contradiction[] => {
    if (!routed || kind(name) === expected) return [];
    const message = `speaks ${kind(name)} and the primary ${primary} speaks ${expected}, but a route is for one of them`;
    return [
      { path: versionPlace(release, name), message, hint: `Give it a protocolVersion of the kind of ${primary}'s.` },
    ];
  });
}

function namePlace(release: ReleaseModel, version: VersionModel): PathSegment[] {
  const specified = version.workloadSpecification?.metadata.name !== undefined;
  return versionPlace(
    release,
    version.name,
    ...(specified ? ['inferenceServiceSpecification'] : []),
    'metadata',
    'name',
  );
}

function quoted(value: unknown): string {
  return JSON.stringify(value) ?? 'none';
}
