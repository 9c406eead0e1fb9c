import { App, Chart, Testing } from 'cdk8s';
import { Cpu, Deployment } from 'cdk8s-plus-28';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { ConfigError } from '../../src/errors.js';
import { manifestsOf } from '../../src/synth/manifests.js';
import { Release, type ReleaseProps } from '../../src/synth/release.js';
import type { Values } from '../../src/values/values.js';
import { releaseOf, twoVersions } from '../release-of.js';

const props: ReleaseProps = {
  environment: 'istio',
  application: {
    port: 8080,
    strategy: 'blue-green',
    versions: [
      { metadata: { name: 'v1' }, image: 'registry.example/shop:v1', weight: 90 },
      { metadata: { name: 'v2' }, image: 'registry.example/shop:v2', weight: 10 },
    ],
  },
};

describe('Release', () => {
  test('makes the objects that the same values make', () => {
    const chart = Testing.chart();
    new Release(chart, 'shop', props);
    expect(chart.toJson()).toEqual(manifestsOf(releaseOf(twoVersions('istio', 'blue-green'))));
  });

  test("takes its namespace from the chart, and says the release's host", () => {
    const chart = new Chart(new App(), 'chart', { namespace: 'store' });
    const release = new Release(chart, 'shop', props);
    expect(release.host).toBe('shop.store.svc.cluster.local');
    expect(chart.toJson().map(({ metadata }) => metadata.namespace)).toEqual(chart.toJson().map(() => 'store'));
  });

  test('stands beside other releases in one chart', () => {
    const chart = Testing.chart();
    new Release(chart, 'shop', props);
    new Release(chart, 'cart', { ...props, application: { versions: [{ image: 'registry.example/cart:v1' }] } });
    expect(chart.toJson().map(({ metadata }) => metadata.name)).toContain('cart-0');
  });

  test('routes to a Deployment of cdk8s-plus-28 that the user made, and leaves it as it is', () => {
    const chart = Testing.chart();
    const workload = new Deployment(chart, 'own', {
      containers: [{ image: 'registry.example/shop:v2', port: 8080, resources: { cpu: { request: Cpu.millis(50) } } }],
    });
    const versions = [
      { metadata: { name: 'v1' }, image: 'registry.example/shop:v1' },
      { metadata: { name: 'v2' }, workload },
    ];
    new Release(chart, 'shop', { environment: 'istio', application: { strategy: 'blue-green', versions } });
    const objects = chart.toJson();
    const own = objects.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === workload.name);
    const service = objects.find(({ kind, metadata }) => kind === 'Service' && metadata.name === 'v2');
    expect(service.spec.selector).toEqual(own.spec.selector.matchLabels);
    expect(objects.filter(({ kind }) => kind === 'Deployment')).toHaveLength(2);
  });

  test('names every wrong prop at once', () => {
    const wrong = { environment: 'istoi', application: { ...props.application, port: 0 } } as unknown as ReleaseProps;
    expect(() => new Release(Testing.chart(), 'shop', wrong)).toThrow(ConfigError);
    expect(() => new Release(Testing.chart(), 'shop', wrong)).toThrow(/environment .*application.port /s);
  });

  test('refuses a strategy that the environment cannot do', () => {
    const application = { ...props.application, strategy: 'canary' as const };
    const wrong: ReleaseProps = { environment: 'kubernetes', application };
    expect(() => new Release(Testing.chart(), 'shop', wrong)).toThrow('which environment kubernetes cannot do');
  });

  test('takes as props what a values file holds', () => {
    type Application = Values['application'];
    expectTypeOf<keyof ReleaseProps>().toEqualTypeOf<
      Exclude<keyof Values, 'analysis' | 'rollout' | 'iter8Version' | 'istioGateway'>
    >();
    expectTypeOf<keyof ReleaseProps['application']>().toEqualTypeOf<keyof Application>();
    expectTypeOf<Exclude<keyof ReleaseProps['application']['versions'][number], 'workload'>>().toEqualTypeOf<
      keyof Application['versions'][number]
    >();
  });
});
