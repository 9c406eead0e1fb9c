import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { parseIstioQuery } from '../../../src/sources/parse-istio-query.js';
import { selectionOf } from '../../../src/sources/telemetry/column-query.js';
import { istio } from '../../../src/sources/telemetry/istio.js';
import { telemetries } from '../../../src/sources/telemetry/registry.js';
import type { Column, Telemetry } from '../../../src/sources/telemetry/telemetry.js';
import { istioQuery, queryOf, subjectOf } from '../subject-of.js';

const columns: readonly Column[] = ['requests', 'errors', 'latency', 'timed', 'buckets'];
const column = fc.constantFrom(...columns);
const name = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('a|b', '"} or up{x="', '\\', '.*', ''),
);
// Every telemetry has names to escape, whichever it tells versions by.
const subject = fc
  .record({ namespace: name, called: name })
  .map(({ namespace, called }) =>
    subjectOf(called, { namespace, backends: [`${namespace}/${called}/rule/0/backend/0`] }),
  );
const subjects = fc.array(subject, { minLength: 1 });
const reporter = fc.constantFrom('source' as const, 'destination' as const);
const eitherSide = fc.array(
  fc.tuple(subject, reporter).map(([each, side]) => ({ ...each, reporter: side })),
  { minLength: 1 },
);
const interval = fc.integer({ min: 1, max: 86_400 });
const reviews = subjectOf('reviews-v1', { backends: ['default/reviews/rule/0/backend/0'] });

describe('the query of Istio', () => {
  it('counts requests per version over one interval', () => {
    expect(istioQuery('requests', [reviews, subjectOf('reviews-v2')])).toBe(
      'sum by (reporter, destination_service_namespace, destination_service_name) (increase(istio_requests_total{' +
        'reporter=~"source", destination_service_namespace=~"default", destination_service_name=~"reviews-v1|reviews-v2"' +
        '}[60s]))',
    );
  });

  it('counts 0 errors only where there are requests', () => {
    const requests = istioQuery('requests', [reviews]);
    const errors = requests.replace('}[60s]', ', response_code=~"5.."}[60s]');
    expect(istioQuery('errors', [reviews])).toBe(`${errors} or 0 * ${requests}`);
  });

  it('counts buckets per version and bound', () => {
    expect(istioQuery('buckets', [reviews])).toBe(
      istioQuery('requests', [reviews])
        .replace('destination_service_name)', 'destination_service_name, le)')
        .replace('istio_requests_total', 'istio_request_duration_milliseconds_bucket'),
    );
  });
});

test('selectionOf() names only the reporters asked for, and everything once', () => {
  const identities = [reviews, reviews, subjectOf('reviews-v1', { namespace: 'a' })].flatMap(istio.identify);
  expect(selectionOf(istio, identities, 60)).toEqual({
    names: {
      reporter: ['source'],
      destination_service_namespace: ['a', 'default'],
      destination_service_name: ['reviews-v1'],
    },
    interval: 60,
  });
});

describe.each(Object.entries<Telemetry>(telemetries))('the query of %s', (_, telemetry) => {
  it('does not depend on the order of the subjects', () => {
    fc.assert(
      fc.property(column, subjects, interval, (id, given, seconds) => {
        const there = queryOf(telemetry, id, given, seconds);
        expect(queryOf(telemetry, id, given.toReversed(), seconds)).toBe(there);
      }),
    );
  });

  it('keeps what a name holds inside of one PromQL string', () => {
    const strings = /"(?:[^"\\\n]|\\.)*"/g;
    fc.assert(
      fc.property(column, subjects, (id, given) => {
        const plain = queryOf(telemetry, id, [reviews]).replaceAll(strings, '""');
        expect(queryOf(telemetry, id, given).replaceAll(strings, '""')).toBe(plain);
      }),
    );
  });

  it('writes any name as a text that matches this name and no other', () => {
    const label = telemetry.labels.at(-1) ?? '';
    const { origins } = telemetry.generations[0] as Telemetry['generations'][number];
    const { label: from, suffix = '' } = origins?.[label] ?? { label };
    const ending = suffix === '' ? '' : telemetry.id === 'emissary' ? '_80' : '-7d9f8c5b6d-x2x4z';
    const literalOf = new RegExp(`[{ ]${from}=~("(?:[^"\\\\]|\\\\.)*")`, 'u');
    fc.assert(
      fc.property(name, name, (called, other) => {
        const lastValueOf = (text: string) => {
          const named = subjectOf(text, { backends: [text] });
          const [first] = telemetry.identify(named) as readonly (readonly string[])[];
          return `${first?.at(-1)}${ending}`;
        };
        const literal = literalOf.exec(
          queryOf(telemetry, 'requests', [subjectOf(called, { backends: [called] })]),
        )?.[1];
        // The syntax characters of RE2 and of JavaScript are the same; the flag u refuses an escape of anything else.
        const matcher = new RegExp(`^(?:${JSON.parse(literal ?? '')})$`, 'u');
        expect(matcher.test(lastValueOf(called))).toBe(true);
        expect(matcher.test(lastValueOf(other))).toBe(lastValueOf(other) === lastValueOf(called));
      }),
    );
  });
});

test('parseIstioQuery() reads back what was written', () => {
  const known = fc.constantFrom<Column>('requests', 'errors', 'latency', 'buckets');
  fc.assert(
    fc.property(known, eitherSide, interval, (id, given, seconds) => {
      const selection = selectionOf(istio, given.flatMap(istio.identify), seconds);
      expect(parseIstioQuery(istioQuery(id, given, seconds))).toEqual({ column: id, selection });
    }),
  );
});

test.each([
  'up',
  '',
  'istio_requests_total',
  istioQuery('requests', [reviews]).replace('60s', '1m'),
  `${istioQuery('latency', [reviews])} * 2`,
  istioQuery('requests', [reviews]).replace('default', '\\a'),
])('parseIstioQuery() does not know %j', (query) => {
  expect(parseIstioQuery(query)).toBeUndefined();
});
