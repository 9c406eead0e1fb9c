import fc from 'fast-check';
import type { Capability, Environment } from '../../src/release/environment.js';
import type { Strategy } from '../../src/release/strategy.js';
import { matchForms, type Traffic } from './matches.js';
import { names } from './names.js';
import { specified, specifiedName, type Wish, wishes } from './specifications.js';

/** A cell of the table: an environment, and a strategy that it can carry out. */
export interface Cell {
  readonly environment: Environment;
  readonly strategy: Strategy;
}

/** Values as a person would write them, as plain data. */
export interface WrittenValues {
  readonly environment: string;
  readonly application: WrittenApplication;
  readonly [key: string]: unknown;
}

interface WrittenApplication {
  readonly versions: readonly WrittenVersion[];
  readonly [key: string]: unknown;
}

export interface WrittenVersion {
  readonly metadata?: { readonly name?: string | undefined };
  readonly weight?: number | undefined;
  readonly routed?: boolean | undefined;
  readonly [key: string]: unknown;
}

type Optional = Record<string, fc.Arbitrary<unknown>>;

/** Each key is there once in `rarity` times, or so. */
function now<Value>(arbitrary: fc.Arbitrary<Value>, rarity = 4): fc.Arbitrary<Value | undefined> {
  return fc.option(arbitrary, { nil: undefined, freq: rarity - 1 }).map((value) => value);
}

function rarely<Value>(arbitrary: fc.Arbitrary<Value>, rarity = 5): fc.Arbitrary<Value | undefined> {
  return fc.oneof({ weight: rarity - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
}

const texts = fc.dictionary(fc.constantFrom('team', 'tier', 'example.com/cost'), fc.constantFrom('a', 'b-1', 'true'));
const namespaces = fc.constantFrom('shop', 'default', 'team-a', 'n'.repeat(63));
const ports = fc.constantFrom(80, 8080, 443, 65_535);

const weights = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(0, 1, 10, 33, 50, 90, 100) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 100 }) },
);

const autoscalers = fc.record({ minReplicas: fc.constantFrom(1, 2), maxReplicas: fc.constantFrom(2, 5) });
const budgets = fc.constantFrom({ minAvailable: 1 }, { maxUnavailable: '25%' });

/** What runs a version: mostly what is needed, now and then a whole specification, or what exists already. */
function running({ environment, strategy }: Cell): Optional {
  const able = (capability: Capability) => environment.supports.includes(capability);
  const divided = able('replicas') && strategy.needs === 'weight';
  const scaling = {
    ...(able('autoscaler') && !divided && { autoscaler: rarely(autoscalers, 8) }),
    ...(able('disruption-budget') && { disruptionBudget: rarely(budgets) }),
  };
  if (environment.workloads === 'InferenceService') {
    return {
      ...scaling,
      storageUri: fc.constantFrom('gs://models.example/a', 's3://models/b'),
      protocolVersion: rarely(fc.constantFrom('v1', 'v2', 'grpc-v2'), 8),
      runtime: rarely(fc.constantFrom('kserve-mlserver')),
      inferenceService: rarely(fc.constantFrom({ spec: { predictor: { minReplicas: 2 } } })),
    };
  }
  return {
    ...scaling,
    image: fc.constantFrom('registry.example/shop:v1', 'registry.example:5000/shop:v2'),
    port: rarely(ports, 12),
    appProtocol: rarely(fc.constantFrom('http', 'HTTP2', 'https', 'grpc'), 12),
    deployment: rarely(overlays),
    serviceSpecification: rarely(services, 12),
  };
}

const overlays = fc.constantFrom(
  { metadata: { labels: { team: 'c' } } },
  { spec: { template: { metadata: { annotations: { 'example.com/note': 'x' } } } } },
  { spec: { template: { spec: { containers: [{ env: [{ name: 'A', value: '1' }] }] } } } },
);

const services = fc.record({
  metadata: fc.constantFrom({ labels: { team: 'd' } }, {}),
  spec: ports.map((port) => ({ selector: { app: 'given' }, ports: [{ port, targetPort: 8080 }] })),
});

function versionsOf(cell: Cell, traffic: Traffic): fc.Arbitrary<WrittenVersion> {
  const { environment, strategy } = cell;
  const matched = strategy.needs === 'match' ? matchForms(1, traffic) : rarely(matchForms(1), 12);
  return fc
    .record({
      ...running(cell),
      wish: rarely(wishes, 4),
      weight: now(weights),
      routed: rarely(fc.boolean(), 3),
      labels: rarely(texts),
      annotations: rarely(texts),
      namespace: environment.supports.includes('version-namespace') ? rarely(namespaces, 12) : fc.constant(undefined),
      matched: now(matched),
    })
    .map(({ labels, annotations, namespace, matched: forms, ...rest }) =>
      clean<WrittenVersion>({ ...rest, metadata: { labels, annotations, namespace } as object, ...forms }),
    );
}

/** What already exists stands beside what is generated; Deployments do behind a Service called like the release. */
function existing({ environment, strategy }: Cell, traffic: Traffic): fc.Arbitrary<WrittenVersion> {
  const services = fc.record({ service: fc.constantFrom('legacy', 'other'), port: rarely(ports) });
  const labels = fc.constantFrom({ app: 'old', track: 'a' }, { app: 'old', track: 'b' });
  const deployments = fc.record({
    deployment: fc.constantFrom('running', 'standing'),
    labels: rarely(labels, 2),
    port: fc.constant(8080),
  });
  const able = environment.supports.includes('external-deployment');
  return fc
    .record({
      external: able ? fc.oneof<fc.Arbitrary<object>[]>(services, deployments) : services,
      weight: now(weights),
      matched: now(matchForms(1, traffic)),
    })
    .map(({ matched, ...rest }) => clean({ ...rest, ...(strategy.needs === 'match' && matched) }));
}

const hosts = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom('shop.example', 'www.shop.example', '*.shop.example'),
    gateway: rarely(fc.constantFrom('infra/edge', 'istio-system/public')),
  }),
  { minLength: 1, maxLength: 2, selector: ({ name }) => name },
);

function application({ environment, strategy }: Cell, traffic: Traffic): Optional {
  const able = (capability: Capability) => environment.supports.includes(capability);
  const split = strategy.needs === 'weight';
  return {
    versionHeader: now(fc.boolean()),
    ...(able('hosts') && { hosts: rarely(hosts, 3) }),
    ...(able('prefix') && { prefix: rarely(fc.constantFrom('/', '/shop', '/shop/')) }),
    ...(able('replicas') && split && { replicas: fc.constantFrom(10, 100, 200) }),
    ...(able('deployment-mode') && { deploymentMode: now(fc.constantFrom('Serverless', 'RawDeployment')) }),
    ...(able('cookie-affinity') &&
      split && { sessionAffinity: rarely(fc.constant({ type: 'Cookie', cookie: 'sid' })) }),
    ...(able('client-ip-affinity') && split && { sessionAffinity: rarely(fc.constant({ type: 'ClientIP' })) }),
    ...(environment.workloads === 'Deployment'
      ? {
          port: now(ports),
          deployment: rarely(overlays),
          ...(traffic === 'grpc' && { appProtocol: fc.constant('grpc') }),
        }
      : {
          modelFormat: fc.constantFrom('sklearn', 'xgboost'),
          ...(traffic === 'grpc' && { protocolVersion: fc.constant('grpc-v2') }),
        }),
  };
}

/** Returns releases for a cell, most of which can be carried out. */
export function releasesOf(cell: Cell): fc.Arbitrary<WrittenValues> {
  return fc.oneof({ weight: 4, arbitrary: releases(cell, 'http') }, { weight: 1, arbitrary: releases(cell, 'grpc') });
}

function releases(cell: Cell, traffic: Traffic): fc.Arbitrary<WrittenValues> {
  const { environment, strategy } = cell;
  const scoped = ['weight', 'mirror'].includes(strategy.needs ?? '') && environment.supports.includes('match');
  const external = environment.supports.includes('external-service');
  const version = versionsOf(cell, traffic);
  return fc
    .record({
      gateway: environment.supports.includes('gateway')
        ? now(fc.constantFrom('infra/edge', 'public'))
        : fc.constant(undefined),
      service: environment.supports.includes('model-mesh-service')
        ? now(fc.constant({ port: 9000 }))
        : fc.constant(undefined),
      options: fc.record(application(cell, traffic)),
      labels: rarely(texts),
      namespace: now(namespaces),
      scope: scoped ? rarely(matchForms(0, traffic), 3) : fc.constant(undefined),
      named: names,
      versions: fc.array(
        external
          ? fc.oneof({ weight: 12, arbitrary: version }, { weight: 1, arbitrary: existing(cell, traffic) })
          : version,
        { minLength: 1, maxLength: 4 },
      ),
      primary: fc.nat(3),
      said: fc.boolean(),
    })
    .map(({ options, labels, namespace, scope, named, versions, primary, said, ...top }) => {
      const list = versions.map(({ wish, ...each }, i) =>
        specified(withName(each, named.versions[i]), { wish: wish as Wish, environment, position: i }),
      );
      const chosen = said && list[primary] !== undefined ? primary : 0;
      const { metadata: _, ...first } = list[chosen] ?? {};
      return clean({
        environment: environment.id,
        ...top,
        application: {
          ...options,
          ...scope,
          metadata: { name: named.release, namespace, labels },
          strategy: strategy.id,
          primary: chosen === 0 ? undefined : nameOf(list[chosen], `${named.release ?? 'shop'}-${chosen}`),
          versions: list.map((each, i) => (i === chosen ? answering({ ...first, metadata: each.metadata }) : each)),
        },
      });
    });
}

/** The primary answers, so it is routed, and not without a weight. */
function answering({ routed: _, ...version }: WrittenVersion): WrittenVersion {
  return version.weight === 0 ? { ...version, weight: 1 } : version;
}

function withName(version: WrittenVersion, name: string | undefined): WrittenVersion {
  return version.external === undefined ? { ...version, metadata: { ...version.metadata, name } } : version;
}

function nameOf(version: WrittenVersion | undefined, fallback: string): string {
  const { service, deployment } = (version?.external ?? {}) as { service?: string; deployment?: string };
  return specifiedName(version) ?? version?.metadata?.name ?? service ?? deployment ?? fallback;
}

/** Leaves out what is undefined, as YAML has no word for it. */
export function clean<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value;
}
