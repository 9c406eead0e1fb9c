import { expect } from 'vitest';
import { ConfigError } from '../../src/errors.js';
import type { Json, JsonObject } from '../../src/release/json.js';
import { synth } from '../../src/synth/synth.js';
import { toYaml } from '../../src/synth/yaml-writer.js';
import { loadValues } from '../../src/values/load.js';
import { helmTemplate } from './helm-template.js';

interface Setting {
  /** What Helm calls the release, and where it installs it. */
  readonly name?: string;
  readonly namespace?: string;
  /** @default Helm 3 */
  readonly helm?: string;
  /** Whether the values are the chart's own, and no `-f` is given. */
  readonly own?: boolean;
}

/** Expects that Helm renders the very objects of `sluice synth`, whatever their order and that of their keys. */
export async function expectSameObjects(chart: string, values: string, setting: Setting = {}): Promise<void> {
  const { name = 'shop', namespace = 'floor', helm, own } = setting;
  const rendered = await helmTemplate(chart, { name, namespace, helm, own, values });
  const expected = synth(values, { name, namespace });
  expect(byName(rendered)).toEqual(byName(expected as readonly JsonObject[]));
}

/** An object twice is two. */
function byName(objects: readonly JsonObject[]): Record<string, Json[]> {
  const found: Record<string, Json[]> = {};
  for (const object of objects) {
    const { name, namespace } = object.metadata as JsonObject;
    const key = `${object.kind} ${namespace}/${name}`;
    found[key] = [...(found[key] ?? []), JSON.parse(JSON.stringify(object))];
  }
  return found;
}

/** Returns whether synth carries the values out. */
export function isAccepted(values: object): boolean {
  return isAcceptedText(toYaml(values as Json));
}

export function isAcceptedText(values: string): boolean {
  try {
    loadValues(values, { file: 'values.yaml', name: 'shop', namespace: 'floor' });
    return true;
  } catch (error) {
    if (error instanceof ConfigError) return false;
    throw error;
  }
}
