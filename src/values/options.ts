import type { Contradiction, PathSegment } from '../release/contradiction.js';
import type { Capability, Environment } from '../release/environment.js';
import { environmentsWith, type Registry } from './lookup.js';
import type { ResolvedRelease } from './resolve.js';
import type { Values } from './values.js';

type Workloads = ResolvedRelease['environment']['workloads'];

/** A key of the values that not every environment reads. */
interface Option {
  readonly at: 'top' | 'application' | 'version';
  readonly key: string;
  /** Keys of Iter8 stay without effect there, with a notice; all others are refused. */
  readonly iter8: boolean;
  /** What of the environment reads it: a capability, or its kind of workloads. */
  readonly readBy: Capability | Workloads;
}

const iter8 = true;
const own = false;
const everywhere = ['application', 'version'] as const;

function options(at: readonly Option['at'][], keys: readonly string[], kind: Omit<Option, 'at' | 'key'>): Option[] {
  return at.flatMap((place) => keys.map((key) => ({ at: place, key, ...kind })));
}

const table: readonly Option[] = [
  ...options(['top'], ['gateway'], { iter8, readBy: 'gateway' }),
  ...options(['top'], ['service'], { iter8, readBy: 'model-mesh-service' }),
  ...options(['application'], ['hosts'], { iter8: own, readBy: 'hosts' }),
  ...options(['application'], ['prefix'], { iter8: own, readBy: 'prefix' }),
  ...options(['application'], ['replicas'], { iter8: own, readBy: 'replicas' }),
  ...options(['application'], ['deploymentMode'], { iter8: own, readBy: 'deployment-mode' }),
  ...options(everywhere, ['autoscaler'], { iter8: own, readBy: 'autoscaler' }),
  ...options(everywhere, ['disruptionBudget'], { iter8: own, readBy: 'disruption-budget' }),
  ...options(everywhere, ['port'], { iter8, readBy: 'Deployment' }),
  ...options(everywhere, ['deployment', 'appProtocol'], { iter8: own, readBy: 'Deployment' }),
  ...options(['version'], ['image', 'deploymentSpecification', 'serviceSpecification'], {
    iter8,
    readBy: 'Deployment',
  }),
  ...options(everywhere, ['modelFormat', 'runtime', 'protocolVersion'], { iter8, readBy: 'InferenceService' }),
  ...options(everywhere, ['ports'], { iter8, readBy: 'model-ports' }),
  ...options(['version'], ['storageUri', 'inferenceServiceSpecification'], { iter8, readBy: 'InferenceService' }),
  ...options(everywhere, ['inferenceService'], { iter8: own, readBy: 'InferenceService' }),
];

/** Returns the keys that the environment refuses wherever they stand. */
export function refusedKeys(environment: Environment): Pick<Option, 'at' | 'key'>[] {
  return table.filter(({ iter8: known, readBy }) => !known && !reads(environment, readBy));
}

/** Returns the keys that files of Iter8 may have wherever they stand, without effect in the environment. */
export function ignoredKeys(environment: Environment): Pick<Option, 'at' | 'key'>[] {
  return table.filter(({ iter8: known, readBy }) => known && !reads(environment, readBy));
}

function reads({ workloads, supports }: Environment, readBy: Option['readBy']): boolean {
  return readBy === workloads || (supports as readonly string[]).includes(readBy);
}

/** Something that an environment or a strategy does not read. */
interface Unread extends Contradiction {
  readonly iter8: boolean;
}

/** Returns the keys that the environment cannot carry out, and that must not be left out in silence. */
export function checkOptions(values: Values, release: ResolvedRelease, registry: Registry): Contradiction[] {
  const refused = unread(values, release, registry).filter((each) => !each.iter8);
  return [
    ...refused.map(({ path, message, hint }) => ({ path, message, hint })),
    ...refuseBoundHosts(values, release, registry),
    ...refuseCookie(values),
  ];
}

/** The gateways of hosts that an environment without gateways reads; where it reads no hosts either, they are refused. */
function refuseBoundHosts({ application }: Values, { environment }: ResolvedRelease, registry: Registry) {
  const { id, supports } = environment;
  if (supports.includes('gateway') || !supports.includes('hosts')) return [];
  const able = environmentsWith('gateway', registry).filter((each) =>
    environmentsWith('hosts', registry).includes(each),
  );
  const others = able.length === 0 ? '' : `, or choose an environment that binds hosts: ${able.join(', ')}`;
  return (application.hosts ?? []).flatMap(({ gateway }, i): Contradiction[] => {
    if (gateway === undefined) return [];
    const message = `is ${JSON.stringify(gateway)}, but environment ${id} binds no host to a gateway`;
    const hint = `Remove it and let ${id}'s own objects serve the host${others}.`;
    return [{ path: ['application', 'hosts', i, 'gateway'], message, hint }];
  });
}

function refuseCookie({ application: { sessionAffinity } }: Values): Contradiction[] {
  if (sessionAffinity?.type !== 'ClientIP' || sessionAffinity.cookie === undefined) return [];
  const message = 'has no effect with type ClientIP';
  const hint = 'Remove it: clients are told apart by their address.';
  return [{ path: ['application', 'sessionAffinity', 'cookie'], message, hint }];
}

/** Returns the keys of Iter8 that have no effect in this release. */
export function noticeOptions(values: Values, release: ResolvedRelease, registry: Registry): Contradiction[] {
  const hint = 'It may stay; remove it to silence this.';
  const gone = (['iter8Version', 'istioGateway'] as const).flatMap((key) =>
    values[key] === undefined ? [] : [{ path: [key], message: 'has no effect in sluice', hint }],
  );
  const others = unread(values, release, registry).filter((each) => each.iter8);
  return [...gone, ...others.map(({ path, message }) => ({ path, message, hint })), ...unreadRoutes(values, release)];
}

function unread(values: Values, { environment }: ResolvedRelease, registry: Registry): Unread[] {
  return [
    ...table.flatMap(({ at, key, iter8: known, readBy }) => {
      if (reads(environment, readBy)) return [];
      return placesOf(values, at, key).map((path) => ({
        ...refusal(path, environment.id, readBy, registry),
        iter8: known,
      }));
    }),
    ...particular(values).flatMap(({ path, needs }) =>
      environment.supports.includes(needs) ? [] : [{ ...refusal(path, environment.id, needs, registry), iter8: false }],
    ),
  ];
}

function placesOf({ application, ...top }: Values, at: Option['at'], key: string): PathSegment[][] {
  const has = (part: object) => (part as Record<string, unknown>)[key] !== undefined;
  if (at === 'top') return has(top) ? [[key]] : [];
  if (at === 'application') return has(application) ? [['application', key]] : [];
  return application.versions.flatMap((version, i) => (has(version) ? [['application', 'versions', i, key]] : []));
}

/** Options whose need depends on what they hold. */
function particular({ application }: Values): { path: PathSegment[]; needs: Capability }[] {
  const { sessionAffinity, versions } = application;
  const affinity = sessionAffinity && {
    path: ['application', 'sessionAffinity', 'type'],
    needs: sessionAffinity.type === 'Cookie' ? ('cookie-affinity' as const) : ('client-ip-affinity' as const),
  };
  const scope = (['match', 'matches'] as const).flatMap((key) =>
    application[key] === undefined ? [] : [{ path: ['application', key], needs: 'match' as const }],
  );
  const ofVersions = versions.flatMap(({ external, metadata }, i) => [
    ...(external === undefined
      ? []
      : [
          {
            path: ['application', 'versions', i, 'external', external.service === undefined ? 'deployment' : 'service'],
            needs: external.service === undefined ? ('external-deployment' as const) : ('external-service' as const),
          },
        ]),
    ...(metadata?.namespace === undefined
      ? []
      : [{ path: ['application', 'versions', i, 'metadata', 'namespace'], needs: 'version-namespace' as const }]),
  ]);
  return [...(affinity === undefined ? [] : [affinity]), ...scope, ...ofVersions];
}

function refusal(path: PathSegment[], id: string, readBy: Option['readBy'], registry: Registry): Contradiction {
  const able =
    readBy === 'Deployment' || readBy === 'InferenceService'
      ? Object.values(registry.environments).flatMap((each) => (each.workloads === readBy ? [each.id] : []))
      : environmentsWith(readBy, registry);
  const hint =
    able.length === 0 ? 'Remove it.' : `Remove it, or choose an environment that reads it: ${able.join(', ')}.`;
  return { path, message: `has no effect with environment ${id}`, hint };
}

/** Matches and weights that the strategy does not read: they may wait there for another strategy. */
function unreadRoutes({ application }: Values, { strategy }: ResolvedRelease): Contradiction[] {
  const keys = ['match', 'matches', 'weight'] as const;
  return application.versions.flatMap((version, i) =>
    keys
      .filter((key) => version[key] !== undefined && version[key] !== null)
      .filter((key) =>
        key === 'weight' ? strategy.needs !== 'weight' && strategy.needs !== 'mirror' : strategy.needs !== 'match',
      )
      .map((key) => ({
        path: ['application', 'versions', i, key],
        message: `has no effect with strategy ${strategy.id}`,
        hint: 'It may stay for another strategy.',
      })),
  );
}
