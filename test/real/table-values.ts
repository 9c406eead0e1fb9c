import { type Cell, clean, type WrittenValues, type WrittenVersion } from '../laws/releases.js';

/**
 * How the releases of a cell differ from the plain ones: `raw` are models behind an HTTPRoute, `grpc` calls, `far` has its
 * candidate in another namespace, `sticky` keeps sessions, and of `existing` the Deployments stand there already.
 */
export type Variant = 'plain' | 'raw' | 'grpc' | 'far' | 'sticky' | 'existing';

/** A release of the table. */
export interface TableForm extends Cell {
  readonly variant: Variant;
  readonly versionCount: number;
  /** Of the release, and of all of its names. */
  readonly namespace: string;
}

/** The gateway that the releases name. */
export const tableGateway = { name: 'public', namespace: 'edge' } as const;

/** Returns the variants that a cell has. */
export function variantsOf({ environment, strategy }: Cell): Variant[] {
  const able = (capability: (typeof environment.supports)[number]) => environment.supports.includes(capability);
  return [
    'plain',
    ...(able('deployment-mode') ? (['raw'] as const) : []),
    ...(environment.id === 'gateway-api' ? (['grpc'] as const) : []),
    ...(isMeshed(environment) ? (['far'] as const) : []),
    ...(able('cookie-affinity') && strategy.needs === 'weight' ? (['sticky'] as const) : []),
    ...(able('external-deployment') ? (['existing'] as const) : []),
  ];
}

/** Returns the values of a release whose primary is `v1`, the first of its versions. */
export function tableValues(form: TableForm): WrittenValues {
  const { environment, strategy, variant, versionCount, namespace } = form;
  const divided = environment.supports.includes('replicas') && strategy.needs === 'weight';
  const serving = environment.workloads === 'InferenceService';
  const serverless = serving && environment.supports.includes('deployment-mode') && variant !== 'raw';
  const gateway = `${tableGateway.namespace}/${tableGateway.name}`;
  return clean({
    environment: environment.id,
    gateway: environment.supports.includes('gateway') && !serverless ? gateway : undefined,
    application: {
      metadata: { name: 'shop', namespace },
      strategy: strategy.id,
      primary: 'v1',
      hosts: environment.supports.includes('hosts') ? [{ name: `${namespace}.example` }] : undefined,
      prefix: environment.supports.includes('prefix') ? `/${namespace}/` : undefined,
      deploymentMode: variant === 'raw' ? 'RawDeployment' : undefined,
      appProtocol: spokenIn(form),
      sessionAffinity: variant === 'sticky' ? { type: 'Cookie' } : undefined,
      ...(serving ? { modelFormat: 'sklearn' } : { port: 9080 }),
      // So that 1 % is one pod.
      replicas: divided ? 100 : undefined,
      versions: Array.from({ length: versionCount }, (_, i) => versionOf(form, i)),
    },
  });
}

/** Named, as Istio advises, where there are ports of Services that Istio looks at. */
function spokenIn({ environment, variant }: TableForm): string | undefined {
  if (variant === 'grpc') return 'grpc';
  return isMeshed(environment) ? 'http' : undefined;
}

function isMeshed({ id }: Cell['environment']): boolean {
  return ['istio', 'gateway-api'].includes(id);
}

/** Of three versions, the second has a share of its own already. */
function versionOf(form: TableForm, position: number): WrittenVersion {
  const { environment, strategy, variant, versionCount, namespace } = form;
  const name = `v${position + 1}`;
  const exposed = { ...(strategy.needs === 'match' && matched(form, name)), weight: [90, 10, 0][position] };
  if (variant === 'existing')
    return { external: { deployment: name, labels: { app: 'shop', version: name } }, ...exposed };
  const away = variant === 'far' && position === versionCount - 1;
  const metadata = { name, ...(away && { namespace: `${namespace}-candidate` }) };
  return {
    metadata,
    ...(environment.workloads === 'InferenceService'
      ? { storageUri: `s3://models/shop/${name}` }
      : { image: `registry.example/shop:${name}` }),
    ...exposed,
  };
}

function matched({ environment, variant }: TableForm, name: string): object {
  const form = environment.matchForm?.(variant === 'raw' ? 'RawDeployment' : 'Serverless');
  if (form === 'matches') return { matches: [{ headers: [{ name: 'x-version', value: name }] }] };
  return { match: [{ headers: { 'x-version': { exact: name } } }] };
}
