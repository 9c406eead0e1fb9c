import { expect, test } from 'vitest';
import { type HostForms, refuseHosts } from '../../src/environments/hosts.js';
import { releaseOf, twoVersions } from '../release-of.js';

const { model } = releaseOf(twoVersions('istio', 'none'));

/** Returns what is refused of a host. */
function refused(name: string, forms: Partial<HostForms> = {}): string | undefined {
  const hosts = [{ name, gateway: undefined }];
  return refuseHosts({ ...model, hosts }, { target: 'an HTTPProxy', ...forms })[0]?.message;
}

test.each(['shop.example', '*.shop.example', 'shop'])('refuseHosts() takes %s', (name) => {
  expect(refused(name)).toBeUndefined();
});

test.each(['', '*', 'Shop.example', 'shop.*', 'a..b', '-a.example', `${'n'.repeat(64)}.example`])(
  'refuseHosts() refuses "%s" as no host name',
  (name) => {
    expect(refused(name)).toBe(`is ${JSON.stringify(name)}, which is no host name`);
  },
);

test.each(['10.0.0.1', '::1', 'shop.example:80'])('refuseHosts() says of %s that names are taken', (name) => {
  expect(refused(name)).toBe('is an address or has a port, and an HTTPProxy takes names');
});

test('refuseHosts() takes addresses and any host where the target does', () => {
  expect(refused('10.0.0.1', { addresses: true })).toBeUndefined();
  expect(refused('::1', { addresses: true })).toContain('no host name');
  expect(refused('*', { any: true })).toBeUndefined();
});
