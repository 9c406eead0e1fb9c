import { type App, Chart } from 'cdk8s';
import { Deployment } from 'cdk8s-plus-28';
import { Release } from 'sluice';

/** A candidate that runs a Deployment of your own, made with cdk8s-plus-28; sluice adds its Service and the route. */
export function ownWorkload(app: App): Chart {
  const chart = new Chart(app, 'shop', { namespace: 'shop' });
  const workload = new Deployment(chart, 'reviews-v2', {
    replicas: 3,
    containers: [{ image: 'registry.example/reviews:v2', portNumber: 9080 }],
  });
  new Release(chart, 'reviews', {
    environment: 'gateway-api',
    application: {
      port: 9080,
      strategy: 'canary',
      versions: [
        { metadata: { name: 'reviews-v1' }, image: 'registry.example/reviews:v1' },
        {
          metadata: { name: 'reviews-v2' },
          workload,
          matches: [{ headers: [{ name: 'x-tester', value: 'yes' }] }],
        },
      ],
    },
  });
  return chart;
}
