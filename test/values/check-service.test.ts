import { describe, expect, test } from 'vitest';
import { refusals } from './version-of.js';

const path = 'application.versions[0].serviceSpecification.spec';

/** Returns what is refused of a Service with these ports and keys. */
function ofPorts(ports: string, more = ''): string[] {
  return refusals(`serviceSpecification: {spec: {ports: ${ports}${more}}}`);
}

describe('checkService(), of ports', () => {
  test('refuses a Service without any, unless it needs none', () => {
    const needed = 'and a Service needs a port';
    expect(ofPorts('[]')).toEqual([`${path}.ports is empty, ${needed}`]);
    expect(refusals('serviceSpecification: {spec: {selector: {a: b}}}')).toEqual([
      `${path}.ports is missing, ${needed}`,
    ]);
    expect(ofPorts('[]', ', clusterIP: None')).toEqual([]);
    expect(ofPorts('[]', ', type: ExternalName, externalName: shop.example')).toEqual([]);
  });

  test.each([
    ['[{port: 80}]', []],
    ['[{port: 0}]', ['.ports[0].port is 0, below the least allowed: 1']],
    ['[{targetPort: 80}]', ['.ports[0].port is missing']],
    ['[{port: 80, targetPort: 70000}]', ['.ports[0].targetPort is 70000, above the most allowed: 65535']],
    ['[{port: 80, targetPort: http-2}]', []],
    ['[{port: 80, targetPort: "the web"}]', ['.ports[0].targetPort "the web" is no name of a port']],
    ['[{port: 80, targetPort: "8080"}]', ['.ports[0].targetPort "8080" is no name of a port']],
    ['[{port: 80, protocol: HTTP}]', ['.ports[0].protocol is "HTTP"']],
    ['[{port: 80, appProtocol: a b}]', ['.ports[0].appProtocol "a b" is no name of a protocol']],
    ['[{port: 80, name: HTTP}]', ['.ports[0].name "HTTP" is no DNS label']],
    ['[{port: 80, name: a}, {port: 81, name: b}]', []],
    [
      '[{port: 80}, {port: 81, name: b}]',
      ['.ports[0].name is missing, and a Service tells several ports apart by their names'],
    ],
    ['[{port: 80, name: a}, {port: 81, name: a}]', ['.ports[1].name is "a" again, the name of ports[0]']],
    [
      '[{port: 80, name: a}, {port: 80, name: b}]',
      ['.ports[1].port is 80 again, that of ports[0] for the same protocol'],
    ],
    ['[{port: 80, name: a}, {port: 80, name: b, protocol: UDP}]', []],
  ])('takes what a Service takes: %s', (ports, expected) => {
    expect(ofPorts(ports)).toEqual(expected.map((each) => `${path}${each}`));
  });

  test('refuses a port on the nodes where the type has none', () => {
    const message = 'stands in a Service of type ClusterIP, which has no port on the nodes';
    expect(ofPorts('[{port: 80, nodePort: 30080}]')).toEqual([`${path}.ports[0].nodePort ${message}`]);
    expect(ofPorts('[{port: 80, nodePort: 30080}]', ', type: NodePort')).toEqual([]);
  });
});

describe('checkService(), beside ports', () => {
  test.each([
    ['type: Cluster', ['.type is "Cluster"']],
    ['type: ExternalName', ['.externalName is missing, and type ExternalName needs it']],
    ['type: ExternalName, externalName: A b', ['.externalName is no host name']],
    ['sessionAffinity: Cookie', ['.sessionAffinity is "Cookie"']],
    ['selector: {a: b c}', ['.selector.a "b c" is no value of a label']],
    ['selector: {"a b": c}', ['.selector.a b "a b" is no key of a label']],
    ['trafficDistribution: PreferClose', []],
  ])('takes what a Service takes: %s', (more, expected) => {
    expect(ofPorts('[{port: 80}]', `, ${more}`)).toEqual(expected.map((each) => `${path}${each}`));
  });
});
