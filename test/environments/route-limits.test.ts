import { describe, expect, test } from 'vitest';
import { refusalsOf, twoVersions } from '../release-of.js';

/** Values with that many versions, of which each gets some of the requests or of their copies. */
function versions(count: number, strategy: string, more = ''): string {
  const entries = Array.from(
    { length: count },
    (_, i) => `  - {metadata: {name: v${i}}, image: a.example/b:1, weight: 2}\n`,
  );
  return `environment: gateway-api\napplication:\n  strategy: ${strategy}\n${more}  versions:\n${entries.join('')}`;
}

function gateways(count: number): string {
  const hosts = Array.from({ length: count }, (_, i) => `{name: shop.example, gateway: public-${i}}`);
  return twoVersions('gateway-api', 'none').replace('  strategy:', `  hosts: [${hosts.join(', ')}]\n  strategy:`);
}

describe('routes of the Gateway API', () => {
  test('refuseParents() takes 31 gateways beside the own Service', () => {
    expect(refusalsOf(gateways(31))).toEqual([]);
    const message = "name 2 gateways too many: an HTTPRoute takes 31 beside the release's own Service";
    expect(refusalsOf(gateways(33))).toEqual([`application.hosts ${message}`]);
  });

  test('refuseBackends() takes 16 versions in a rule', () => {
    const message = 'are 17 in one rule, but a rule of an HTTPRoute takes 16';
    expect(refusalsOf(versions(16, 'blue-green'))).toEqual([]);
    expect(refusalsOf(versions(17, 'blue-green'))).toEqual([`application.versions ${message}`]);
    // The primary copies to all others.
    expect(refusalsOf(versions(17, 'mirrored'))).toEqual([]);
    expect(refusalsOf(versions(18, 'mirrored'))).toEqual([`application.versions ${message}`]);
  });

  test.each([
    ['headers', 4096, ''],
    ['headers', 4096, 'type: RegularExpression, '],
    ['queryParams', 1024, ''],
  ])('refusePlan() takes values of %s of at most %i characters %s', (key, most, type) => {
    const text = (length: number) =>
      twoVersions('gateway-api', 'canary', [
        `matches: [{${key}: [{${type}name: user, value: ${'é'.repeat(length)}}]}]`,
      ]);
    expect(refusalsOf(text(most))).toEqual([]);
    expect(refusalsOf(text(most + 1))).toEqual([
      `application.versions[1].matches[0] cannot be a match of gateway-api: an HTTPRoute takes at most ${most} characters of user, and this has ${most + 1}`,
    ]);
  });

  test.each([
    ['service', (name: string) => `{type: PathPrefix, value: /${name}/}`],
    ['method', (name: string) => `{type: Exact, value: /shop.Cart/${name}}`],
  ])('refusePlan() takes a %s of gRPC of at most 1024 characters', (_, path) => {
    const text = (length: number) =>
      twoVersions('gateway-api', 'canary', [`matches: [{path: ${path('a'.repeat(length))}}]`]).replace(
        '  port: 8080',
        '  appProtocol: grpc',
      );
    expect(refusalsOf(text(1024))).toEqual([]);
    expect(refusalsOf(text(1025))).toEqual([expect.stringContaining('a GRPCRoute takes at most 1024 characters')]);
  });
});
