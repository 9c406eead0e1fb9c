import { describe, expect, test } from 'vitest';
import { refusalsOf, twoVersions } from '../release-of.js';

const long = Array(5).fill('a'.repeat(50)).join('.');

/** Returns what is refused of a release with these hosts. */
function refusals(hosts: string, environment = 'istio'): string[] {
  return refusalsOf(twoVersions(environment, 'none').replace('  strategy:', `  hosts: ${hosts}\n  strategy:`));
}

describe('refuseHosts() of Istio', () => {
  const path = 'application.hosts[0].name';
  const none = 'which is neither a host name nor an IP address';

  test.each([
    ['shop.example', true],
    ['"*.example"', true],
    ['10.0.0.1', true],
    ['"2001:db8::ffff"', true],
    [`${long}a`, true],
    [`${long}aa`, false],
    ['shop.123', false],
    ['999.1.1.1', false],
    ['1.2.3.04', false],
    ['"1:2:3"', false],
    ['"shop.example:80"', false],
  ])('takes names and addresses: %s', (name, fits) => {
    const refused = [expect.stringMatching(new RegExp(`^application\\.hosts\\[0\\]\\.name is .*, ${none}$`))];
    expect(refusals(`[{name: ${name}}]`)).toEqual(fits ? [] : refused);
  });

  test.each([
    ['[{name: "*.example"}, {name: shop.example}]', 'shop.example'],
    ['[{name: "*.example"}, {name: "*.shop.example"}]', '*.shop.example'],
    ['[{name: "*.default"}]', 'shop.default'],
    ['[{name: "*.cluster.local"}]', 'shop.default.svc.cluster.local'],
  ])('refuses what covers another host of the route: %s', (hosts, covered) => {
    expect(refusals(hosts)).toEqual([
      `${path} covers ${covered}, which the route names as well, and Istio refuses both together`,
    ]);
  });

  test('takes a wildcard beside the name that it stems from, and twice', () => {
    expect(refusals('[{name: "*.example"}, {name: example}, {name: "*.example", gateway: public}]')).toEqual([]);
  });
});

describe('refuseGateways()', () => {
  const gateway = 'g'.repeat(64);
  const message = `is "${gateway}", and Istio takes at most 63 characters between the dots, and no number at the end`;

  test.each(['istio', 'modelmesh'])('refuses what Kubernetes takes and Istio does not: %s', (environment) => {
    expect(refusalsOf(`gateway: ${gateway}\n${twoVersions(environment, 'none')}`)).toEqual([`gateway ${message}`]);
  });

  test.each(['istio', 'kserve'])('refuses that of a host: %s', (environment) => {
    expect(refusals(`[{name: shop.example, gateway: ${gateway}}]`, environment)).toEqual([
      `application.hosts[0].gateway ${message}`,
    ]);
  });

  test('takes a number for a name beside a namespace alone, as Istio does', () => {
    expect(refusalsOf(`gateway: edge/7\n${twoVersions('istio', 'none')}`)).toEqual([]);
    expect(refusalsOf(`gateway: "7"\n${twoVersions('istio', 'none')}`)).toHaveLength(1);
  });

  test('leaves the gateway alone that Knative stands for, and those of the Gateway API', () => {
    expect(refusalsOf(`gateway: ${gateway}\n${twoVersions('kserve', 'none')}`)).toEqual([]);
    expect(refusals(`[{name: shop.example, gateway: ${gateway}}]`, 'gateway-api')).toEqual([]);
  });
});

test.each([
  ['modelmesh', true],
  ['modelmesh-serving.modelmesh-serving.svc.cluster.local', true],
  ['modelmesh.example.', true],
  ['model mesh', false],
  ['http://modelmesh:80/', false],
  ['10.0.0.1', false],
  [`${long}.${long}`, false],
])('modelmesh refuses a service.host that is no host name: %s', (host, fits) => {
  const text = `service: {host: ${JSON.stringify(host)}}\n${twoVersions('modelmesh', 'none')}`;
  const refused = [expect.stringMatching(/^service\.host is .*, which is no host name$/)];
  expect(refusalsOf(text)).toEqual(fits ? [] : refused);
});
