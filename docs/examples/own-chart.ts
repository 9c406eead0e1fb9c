import { type App, Chart } from 'cdk8s';
import { Release } from 'sluice';

/** A release in a chart of your own: nine parts of the traffic go to v1, one to v2. */
export function ownChart(app: App): Chart {
  const chart = new Chart(app, 'shop', { namespace: 'shop' });
  new Release(chart, 'reviews', {
    environment: 'istio',
    application: {
      port: 9080,
      strategy: 'blue-green',
      deployment: {
        // A container without a name is the version's own.
        spec: { template: { spec: { containers: [{ resources: { requests: { cpu: '100m', memory: '64Mi' } } }] } } },
      },
      versions: [
        { metadata: { name: 'reviews-v1' }, image: 'registry.example/reviews:v1', weight: 90 },
        { metadata: { name: 'reviews-v2' }, image: 'registry.example/reviews:v2', weight: 10 },
      ],
    },
  });
  return chart;
}
