import type { Environment } from '../release/environment.js';
import type { Analysis, Rollout } from '../release/evaluation.js';
import type { JsonObject } from '../release/json.js';
import type { ReleaseModel, VersionModel, Workload } from '../release/model.js';
import type { Strategy } from '../release/strategy.js';
import { seconds } from './duration.js';
import { environmentNamed, strategyNamed } from './lookup.js';
import { matchesOf } from './matches.js';
import type { Values } from './values.js';

const DEFAULT_PORT = 80;
const DEFAULT_WEIGHT = 50;
const DEFAULT_MAX_DURATION = 3600;
const DEFAULT_MIN_REQUESTS = 100;

/** What names a release where its values do not. */
export interface Identity {
  /** Default of `application.metadata.name`. */
  readonly name: string;
  /** Default of `application.metadata.namespace`. */
  readonly namespace: string;
  /** Workloads made elsewhere, by position of the version. */
  readonly workloads?: { readonly [position: number]: Workload };
}

/** A release that can be planned, rendered and evaluated: every name and default resolved. */
export interface ResolvedRelease {
  readonly environment: Environment;
  readonly strategy: Strategy;
  readonly model: ReleaseModel;
  readonly analysis: Analysis | undefined;
  readonly rollout: Rollout | undefined;
}

/** Returns the release that the values describe. They were checked for shape before, and are checked for meaning after. */
export function resolve(values: Values, identity: Identity): ResolvedRelease {
  const { application, gateway } = values;
  const name = application.metadata?.name ?? identity.name;
  const versions = application.versions.map((version, position) =>
    resolveVersion(version, { application, name, position, workload: identity.workloads?.[position] }),
  );
  return {
    environment: environmentNamed(values.environment),
    strategy: strategyNamed(application.strategy ?? 'none'),
    model: {
      name,
      namespace: application.metadata?.namespace ?? identity.namespace,
      versions,
      primary: application.primary ?? versions[0]?.name ?? name,
      gateway,
      hosts: application.hosts ?? [],
      versionHeader: application.versionHeader ?? true,
    },
    analysis: values.analysis && resolveAnalysis(values.analysis),
    rollout: values.rollout && { onInconclusive: 'hold', ...values.rollout },
  };
}

type Application = Values['application'];

interface Place {
  readonly application: Application;
  readonly name: string;
  readonly position: number;
  readonly workload: Workload | undefined;
}

function resolveVersion(version: Application['versions'][number], place: Place): VersionModel {
  const { application, name, position, workload } = place;
  const { metadata } = version;
  return {
    name: metadata?.name ?? `${name}-${position}`,
    image: version.image,
    port: version.port ?? application.port ?? DEFAULT_PORT,
    weight: version.weight ?? DEFAULT_WEIGHT,
    routed: version.routed ?? true,
    matches: matchesOf(version),
    labels: { ...application.metadata?.labels, ...metadata?.labels },
    annotations: { ...application.metadata?.annotations, ...metadata?.annotations },
    overlays: [application.deployment, version.deployment].filter((overlay) => overlay !== undefined) as JsonObject[],
    workload,
  };
}

function resolveAnalysis(analysis: NonNullable<Values['analysis']>): Analysis {
  return {
    ...analysis,
    interval: seconds(analysis.interval),
    maxDuration: analysis.maxDuration === undefined ? DEFAULT_MAX_DURATION : seconds(analysis.maxDuration),
    minRequests: analysis.minRequests ?? DEFAULT_MIN_REQUESTS,
  };
}
