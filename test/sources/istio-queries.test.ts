import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type IstioMetric,
  istioCounters,
  istioQuery,
  istioSelection,
  parseIstioQuery,
} from '../../src/sources/istio-queries.js';

const metric = fc.constantFrom<IstioMetric>('requests', 'errors', 'latency', 'buckets');
const name = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('a|b', '"} or up{x="', '\\', '.*', ''),
);
const reporter = fc.constantFrom('source' as const, 'destination' as const);
const subjects = fc.array(fc.record({ namespace: name, service: name, reporter }), { minLength: 1 });
const interval = fc.integer({ min: 1, max: 86_400 });

const reviews = { namespace: 'default', service: 'reviews-v1', reporter: 'source' } as const;

test('istioQuery() counts requests per version over one interval', () => {
  const selection = istioSelection([reviews, { ...reviews, service: 'reviews-v2' }], 60);
  expect(istioQuery('requests', selection)).toBe(
    'sum by (reporter, destination_service_namespace, destination_service_name) (increase(istio_requests_total{' +
      'reporter=~"source", destination_service_namespace=~"default", destination_service_name=~"reviews-v1|reviews-v2"' +
      '}[60s]))',
  );
});

test('istioQuery() counts 0 errors only where there are requests', () => {
  const selection = istioSelection([reviews], 60);
  const requests = istioQuery('requests', selection);
  const errors = requests.replace('}[60s]', ', response_code=~"5.."}[60s]');
  expect(istioQuery('errors', selection)).toBe(`${errors} or 0 * ${requests}`);
});

test('istioQuery() counts buckets per version and bound', () => {
  const selection = istioSelection([reviews], 60);
  expect(istioQuery('buckets', selection)).toBe(
    istioQuery('requests', selection)
      .replace('destination_service_name)', 'destination_service_name, le)')
      .replace('istio_requests_total', 'istio_request_duration_milliseconds_bucket'),
  );
});

test('istioSelection() names only the reporters asked for, and everything once', () => {
  expect(istioSelection([reviews, reviews, { ...reviews, namespace: 'a' }], 60)).toEqual({
    reporters: ['source'],
    namespaces: ['a', 'default'],
    services: ['reviews-v1'],
    interval: 60,
  });
});

test('istioQuery() does not depend on the order of the subjects', () => {
  fc.assert(
    fc.property(metric, subjects, interval, (id, given, seconds) => {
      const there = istioQuery(id, istioSelection(given, seconds));
      expect(istioQuery(id, istioSelection(given.toReversed(), seconds))).toBe(there);
    }),
  );
});

test('istioQuery() writes any name as a text that matches this name and no other', () => {
  fc.assert(
    fc.property(name, name, (service, other) => {
      const query = istioQuery('requests', istioSelection([{ ...reviews, service }], 60));
      const literal = /destination_service_name=~("(?:[^"\\]|\\.)*")\}\[60s\]\)\)$/u.exec(query)?.[1] ?? '';
      // The syntax characters of RE2 and of JavaScript are the same; the flag u refuses an escape of anything else.
      const matcher = new RegExp(`^(?:${JSON.parse(literal)})$`, 'u');
      expect(matcher.test(service)).toBe(true);
      expect(matcher.test(other)).toBe(other === service);
    }),
  );
});

test('istioQuery() keeps what a name holds inside of one PromQL string', () => {
  fc.assert(
    fc.property(metric, subjects, (id, given) => {
      const strings = /"(?:[^"\\\n]|\\.)*"/g;
      const plain = istioQuery(id, istioSelection([reviews], 60)).replaceAll(strings, '""');
      expect(istioQuery(id, istioSelection(given, 60)).replaceAll(strings, '""')).toBe(plain);
    }),
  );
});

test('parseIstioQuery() reads back what istioQuery() wrote', () => {
  fc.assert(
    fc.property(metric, subjects, interval, (id, given, seconds) => {
      const selection = istioSelection(given, seconds);
      expect(parseIstioQuery(istioQuery(id, selection))).toEqual({ metric: id, selection });
    }),
  );
});

test.each([
  'up',
  '',
  istioCounters.requests,
  istioQuery('requests', istioSelection([reviews], 60)).replace('60s', '1m'),
  `${istioQuery('latency', istioSelection([reviews], 60))} * 2`,
  istioQuery('requests', istioSelection([reviews], 60)).replace('default', '\\a'),
])('parseIstioQuery() does not know %j', (query) => {
  expect(parseIstioQuery(query)).toBeUndefined();
});
