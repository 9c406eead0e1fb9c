import type * as z from 'zod';
import type { Contradiction, PathSegment } from '../release/contradiction.js';
import { checkParts } from './check-meaning.js';
import { nearest } from './check-shape.js';
import { defaultRegistry } from './lookup.js';
import { type Identity, resolve } from './resolve.js';
import { valueAt } from './slot.js';
import type { Values } from './values.js';

type Path = readonly PathSegment[];

/** A fault may show only when another one is out of the way, as a key that is missing in a map of a wrong kind. */
const ROUNDS = 5;

/** Keys of a version that say nothing of its other keys. */
const alone = ['metadata', 'weight', 'routed', 'match', 'matches', 'autoscaler', 'disruptionBudget', 'deployment'];

/**
 * Returns what contradicts itself in data of a wrong shape, as far as it can be told: all that has nothing to do with the
 * keys that are wrong. So a person reads both at once.
 */
export function checkRest(data: unknown, schema: z.ZodType<Values>, identity: Identity): Contradiction[] {
  const sound = withoutFaults(data, schema);
  if (sound === undefined) return [];
  const { values, removed } = sound;
  const found = checkParts(values, resolve(values, identity), identity.registry ?? defaultRegistry);
  return found.filter(({ path }) => !removed.some((each) => touches(each, path)));
}

interface Sound {
  readonly values: Values;
  readonly removed: readonly Path[];
}

/** Returns undefined where what is wrong decides how all else is read. */
function withoutFaults(data: unknown, schema: z.ZodType<Values>): Sound | undefined {
  const copy = structuredClone(data);
  const removed: Path[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const result = schema.safeParse(copy);
    if (result.success) return { values: result.data, removed };
    const keys = result.error.issues.flatMap((issue) => faultyKeys(issue, copy));
    if (keys.some(decides)) return undefined;
    for (const key of keys) remove(copy, key);
    removed.push(...keys);
  }
  return undefined;
}

function faultyKeys(issue: z.core.$ZodIssue, data: unknown): Path[] {
  const path = issue.path as PathSegment[];
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => [...path, key]);
  // What is missing cannot be taken out, so what it is missing in is.
  return [keyOf(valueAt(data, path) === undefined ? path.slice(0, -1) : path)];
}

/** An item of a list cannot be taken out alone, since the others would move. */
function keyOf(path: Path): Path {
  return path.slice(0, path.findLastIndex((segment) => typeof segment === 'string') + 1);
}

function decides(path: Path): boolean {
  const [first, second] = path;
  if (path.length <= 1) return path.length === 0 || first === 'environment' || first === 'application';
  return path.length === 2 && first === 'application' && (second === 'strategy' || second === 'versions');
}

function remove(data: unknown, path: Path): void {
  const map = valueAt(data, path.slice(0, -1));
  if (typeof map === 'object' && map !== null) delete (map as Record<PathSegment, unknown>)[path.at(-1) ?? ''];
}

/** Whether a contradiction may come of what was taken out; versions take from the application what they do not say. */
function touches(removed: Path, path: Path): boolean {
  const scope = scopeOf(removed);
  const sameKey = nearest(String(removed.at(-1)), [String(path.at(-1))]) !== undefined;
  return (sameKey && removed.length <= 2) || isWithin(path, scope) || isWithin(scope, path);
}

function scopeOf(removed: Path): Path {
  const [first, second, , key] = removed;
  const ofVersion = first === 'application' && second === 'versions';
  return ofVersion && !alone.includes(String(key)) ? removed.slice(0, 3) : removed;
}

function isWithin(path: Path, outer: Path): boolean {
  return outer.every((segment, i) => path[i] === segment);
}
