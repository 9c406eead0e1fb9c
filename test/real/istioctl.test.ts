import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/release/json.js';
import { istioAnalyze, istioValidate } from './istioctl.js';
import { apiGateway, istioGateway, istioGatewayLabels } from './mesh-objects.js';
import { type MeshEnvironment, meshedStarter, meshedStarters, objectsOf, starterGateways } from './meshed-starters.js';

describe('istioctl', () => {
  test.each(meshedStarters)('finds nothing in the objects of $file', async ({ environment, text }) => {
    const objects = objectsOf(text, 'shop');
    expect(await istioValidate(objects)).toEqual([]);
    expect(await istioAnalyze([...objects, ...gatewayOf(environment)])).toEqual([]);
  });

  test('finds a gateway that is not there', async () => {
    const objects = objectsOf(meshedStarter('istio-canary').text, 'shop');
    expect(await istioAnalyze(objects)).toContainEqual(expect.stringContaining('Referenced gateway not found'));
  });

  test('finds a weight that is none', async () => {
    const text = JSON.stringify(objectsOf(meshedStarter('istio-blue-green').text, 'shop'));
    const wrong = text.replace('"weight":100', '"weight":-1');
    expect(wrong).not.toBe(text);
    expect(await istioValidate(JSON.parse(wrong))).toContainEqual(expect.stringContaining('weight -1 < 0'));
  });
});

function gatewayOf(environment: MeshEnvironment): readonly JsonObject[] {
  const place = { ...starterGateways[environment], port: 80 };
  if (environment === 'gateway-api') return apiGateway(place);
  // What the selector of the Gateway finds.
  const metadata = { name: 'gateway', namespace: place.namespace, labels: istioGatewayLabels(place) };
  const containers = [{ name: 'istio-proxy', image: 'registry.example/proxy:1' }];
  return [istioGateway(place), { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers } }];
}
