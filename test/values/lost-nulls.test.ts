import { expect, test } from 'vitest';
import { lostNulls } from '../../src/values/lost-nulls.js';
import { loadedOf, twoVersions } from '../release-of.js';

test('lostNulls() names what Helm 4 drops: null in maps of the application, outside of lists', () => {
  const shared =
    '  deployment: {spec: {replicas: null, template: {spec: {dnsPolicy: ~, containers: [{stdin: null}]}}}}\n';
  const text = twoVersions('istio', 'none').replace('  port', `${shared}  port`);
  const notices = lostNulls(loadedOf(text));
  expect(notices.map(({ path }) => path)).toEqual([
    'application.deployment.spec.replicas',
    'application.deployment.spec.template.spec.dnsPolicy',
  ]);
  const line = text.split('\n').findIndex((each) => each.includes('replicas')) + 1;
  expect(notices[0]).toMatchObject({ line, column: shared.indexOf('replicas') + 1 });
  expect(notices[0]?.hint).toContain('application.versions[].deployment');
});

test('lostNulls() says nothing of other values', () => {
  expect(lostNulls(loadedOf(twoVersions('istio', 'none')))).toEqual([]);
});
