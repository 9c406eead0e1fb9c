import { deployment } from '../environments/workload.js';
import { valueAt, writtenParts } from '../environments/workload-checks.js';
import type { Contradiction } from '../release/contradiction.js';
import { isObject, type Json, type JsonObject } from '../release/json.js';
import type { ReleaseModel, VersionModel } from '../release/model.js';
import type { Values } from './values.js';
import { placeOf } from './written-place.js';

const selectorPath = ['spec', 'selector'];

/** Returns what in the selector of a version's Deployment does not fit its own pods: the API server refuses such a one. */
export function checkSelector(release: ReleaseModel, version: VersionModel, values: Values): Contradiction[] {
  const parts = writtenParts(release, version);
  // The selector and the labels that are generated fit each other.
  if (version.external !== undefined || parts.length === 0) return [];
  const whole = deployment(release, version);
  const labels = mapIn(valueAt(whole, ['spec', 'template', 'metadata', 'labels']));
  const selector = valueAt(whole, selectorPath);
  // One that is missing is told of the specification.
  if (!isObject(selector)) return [];
  const conditions = conditionsOf(selector);
  const unfit = conditions.find(({ fits }) => !fits(labels));
  if (conditions.length > 0 && unfit === undefined) return [];
  const writer = parts.findLast(({ part }) => valueAt(part, selectorPath) !== undefined) ?? parts.at(-1);
  const path = [...(writer === undefined ? [] : placeOf(writer, values)), ...selectorPath];
  if (unfit === undefined) {
    const message = `is empty, and the Deployment of ${version.name} has to say which pods are its own`;
    return [{ path, message, hint: 'Give matchLabels with a label of spec.template.metadata.labels.' }];
  }
  const message = `asks for ${unfit.words}, which the pods of ${version.name} do not carry`;
  const hint = 'Add that label to spec.template.metadata.labels, or leave the selector as it is generated.';
  return [{ path, message, hint }];
}

/** One of the things that a selector asks of the labels of a pod. */
interface Condition {
  readonly words: string;
  fits(labels: JsonObject): boolean;
}

function conditionsOf(selector: Json | undefined): Condition[] {
  const expressions = valueAt(selector, ['matchExpressions']);
  return [
    ...Object.entries(mapIn(valueAt(selector, ['matchLabels']))).map(([key, value]) => ({
      words: `${key}: ${value}`,
      fits: (labels: JsonObject) => labels[key] === value,
    })),
    ...(Array.isArray(expressions) ? (expressions as readonly Json[]) : []).map((expression) => ({
      words: JSON.stringify(expression),
      fits: (labels: JsonObject) => fitsExpression(expression, labels),
    })),
  ];
}

function fitsExpression(expression: Json, labels: JsonObject): boolean {
  const { key, operator, values } = mapIn(expression);
  const label = labels[String(key)];
  const among = label !== undefined && Array.isArray(values) && values.includes(label);
  switch (operator) {
    case 'In':
      return among;
    case 'NotIn':
      return !among;
    case 'Exists':
      return label !== undefined;
    case 'DoesNotExist':
      return label === undefined;
    default:
      return false;
  }
}

function mapIn(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}
