import { isObject } from '../release/json.js';
import { fromTo, shown } from './words.js';

/** A scalar, a list of scalars, or a whole item of a list that is not the same in two values. */
export interface Leaf {
  readonly path: string;
  readonly from: unknown;
  readonly to: unknown;
}

interface Fields {
  readonly [key: string]: unknown;
}

/** The YAML shows the others. */
const mostLeaves = 10;

/** Returns the differences of two values of JSON as `path: from → to`, in the order of the second one's keys. */
export function leafChanges(before: unknown, after: unknown, path: string): string[] {
  const found = leaves(before, after, path);
  const left = found.length - mostLeaves;
  return [...found.slice(0, mostLeaves).map(leafWords), ...(left > 0 ? [`${path}: ${left} more differences`] : [])];
}

/** An item that comes or goes with all its fields is told with them; its name is in the path. */
function leafWords({ path, from, to }: Leaf): string {
  const item = path.endsWith(']') ? itemWords(from ?? to) : undefined;
  if (item === undefined || (from !== undefined && to !== undefined)) return `${path}: ${fromTo(from, to)}`;
  return from === undefined ? `${path} added${item}` : `${path} removed${item}`;
}

function itemWords(value: unknown): string | undefined {
  if (!isObject(value)) return undefined;
  const fields = Object.entries(value).filter(([key, field]) => key !== 'name' && field !== undefined);
  return fields.length === 0 ? '' : `: ${fields.map(([key, field]) => `${key} ${shown(field)}`).join(', ')}`;
}

/** Returns the leaves that differ, in the order of the second value's keys. */
export function leaves(from: unknown, to: unknown, path: string): Leaf[] {
  if (same(from, to)) return [];
  if (path.endsWith(']') && (from === undefined || to === undefined)) return [{ path, from, to }];
  const [before, after] = [fieldsOf(from), fieldsOf(to)];
  const keys = [...new Set([...Object.keys(after ?? {}), ...Object.keys(before ?? {})])];
  const apart = before === undefined ? from !== undefined : after === undefined && to !== undefined;
  if (apart || keys.length === 0) return [{ path, from, to }];
  return keys.flatMap((key) =>
    leaves(fieldIn(before, key), fieldIn(after, key), `${path}${key.startsWith('[') ? key : `.${key}`}`),
  );
}

/** A label may be called `constructor`, which every object has. */
function fieldIn(fields: Fields | undefined, key: string): unknown {
  return fields !== undefined && Object.hasOwn(fields, key) ? fields[key] : undefined;
}

/** The fields of an object, or of a list whose items have any, by their names where those tell them apart. */
function fieldsOf(value: unknown): Fields | undefined {
  if (!Array.isArray(value)) return isObject(value) ? value : undefined;
  if (!value.some(isObject)) return undefined;
  const names = value.map((item, i) => (isObject(item) && typeof item.name === 'string' ? item.name : i));
  const unique = new Set(names).size === names.length;
  return Object.fromEntries(value.map((item, i) => [`[${unique ? names[i] : i}]`, item]));
}

/** Returns whether two values of JSON say the same, whatever the order of their keys. */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, i) => same(item, b[i]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => same(fieldIn(a, key), fieldIn(b, key)));
}
