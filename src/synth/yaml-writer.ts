import { ConfigError } from '../errors.js';
import type { Json, JsonObject } from '../release/json.js';
import { isPlainYaml, quotedYaml } from '../release/yaml-string.js';

/** Half of a pair without its other half; UTF-8 has no form for it. */
const loneSurrogate = /\p{Surrogate}/u;

/** Parsers refuse a longer `key:`, counted as printed, and ask for `? key`. */
const longestSimpleKey = 1024;

/**
 * Returns the value as one YAML document that ends in a newline: block style, two spaces, lists not indented under
 * their key, keys in the order given, keys that are `undefined` left out. Kubernetes' parser and any other of YAML 1.1
 * or 1.2 read the same value from it. The same value gives the same bytes.
 *
 * Integers that a double holds exactly are printed as digits, greater ones as floats (`1.0e+21`), since their digits
 * would promise more than the value knows. There are no anchors, no folding and no scalars of several lines.
 *
 * @throws ConfigError for NaN, an infinity, a lone surrogate, and whatever is no plain JSON data
 * @example toYaml({ kind: 'List', items: [{ port: 80 }] }) // "kind: List\nitems:\n- port: 80\n"
 */
export function toYaml(value: Json): string {
  return explained(value, () => `${block(value, '')}\n`);
}

/**
 * Returns the documents as a YAML stream. Each one starts with `---`, the first too, so that streams may be joined end
 * to end; none gives an empty text. Everything else is as in {@link toYaml}.
 */
export function toYamlStream(documents: readonly Json[]): string {
  return explained(documents, () => documents.map((document) => `---\n${block(document, '')}\n`).join(''));
}

/** Text that starts where the cursor stands, in column `indent.length`; further lines begin with `indent`. */
function block(value: Json, indent: string): string {
  switch (typeof value) {
    case 'string':
      return text(value);
    case 'number':
      return number(value);
    case 'boolean':
      return value ? 'true' : 'false';
    default:
      if (value === null) return 'null';
      if (isList(value)) return list(value, indent);
      return mapping(plainObject(value), indent);
  }
}

function list(items: readonly Json[], indent: string): string {
  if (items.length === 0) return '[]';
  let lines = '';
  for (const item of items) lines += `${lines === '' ? '' : `\n${indent}`}- ${block(item, `${indent}  `)}`;
  return lines;
}

function mapping(object: JsonObject, indent: string): string {
  let lines = '';
  for (const key of Object.keys(object)) {
    const value = object[key];
    if (value === undefined) continue;
    lines += `${lines === '' ? '' : `\n${indent}`}${keyWithColon(key, indent)}${afterColon(value, indent)}`;
  }
  return lines === '' ? '{}' : lines;
}

function keyWithColon(key: string, indent: string): string {
  const printed = text(key);
  return printed.length > longestSimpleKey ? `? ${printed}\n${indent}:` : `${printed}:`;
}

function afterColon(value: Json, indent: string): string {
  if (typeof value !== 'object' || value === null) return ` ${block(value, indent)}`;
  const inner = isList(value) ? indent : `${indent}  `;
  const printed = block(value, inner);
  return printed === '{}' || printed === '[]' ? ` ${printed}` : `\n${inner}${printed}`;
}

function text(value: string): string {
  if (isPlainYaml(value)) return value;
  if (loneSurrogate.test(value)) throw new Unwritable(value, 'UTF-8', JSON.stringify(value));
  return quotedYaml(value);
}

/** A float has a point and a signed exponent: without either, YAML 1.1 reads a text. */
function number(value: number): string {
  if (Number.isSafeInteger(value)) return String(value);
  if (!Number.isFinite(value)) throw new Unwritable(value, 'a finite number', String(value));
  const digits = Number.isInteger(value) ? value.toExponential() : String(value);
  return digits.includes('.') ? digits : digits.replace('e', '.0e');
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** A Date or a Map would print as `{}`, and nothing may be lost in silence. */
function plainObject(value: JsonObject): JsonObject {
  const prototype: unknown = typeof value === 'object' ? Object.getPrototypeOf(value) : undefined;
  if (prototype === Object.prototype || prototype === null) return value;
  throw new Unwritable(value, 'plain data', typeof value === 'object' ? value.constructor?.name : typeof value);
}

/** Thrown at the leaf, which does not know where it stands. */
class Unwritable extends Error {
  constructor(
    readonly value: unknown,
    readonly required: string,
    readonly current: string,
  ) {
    super(current);
  }
}

/** Runs the writer; what it cannot write becomes an error that says where in `root` it stands. */
function explained(root: Json, write: () => string): string {
  try {
    return write();
  } catch (error) {
    if (!(error instanceof Unwritable)) throw error;
    const where = pathTo(error.value, root)?.replace(/^\./, '') || 'the document';
    throw new ConfigError(`Cannot write ${where} as ${error.required}: ${error.current}`, {
      code: 'synth/unwritable-value',
      hint: 'Manifests hold texts of whole Unicode characters, finite numbers, true, false, null, lists and plain objects',
      cause: error,
    });
  }
}

/** Such as `.spec.ports[0].port`, of the first key or leaf in the order of writing that is the sought one. */
function pathTo(sought: unknown, value: Json): string | undefined {
  if (Object.is(value, sought)) return '';
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, child] of Object.entries(value)) {
    const rest = key === sought ? '' : pathTo(sought, child);
    if (rest !== undefined) return `${isList(value) ? `[${key}]` : stepTo(key)}${rest}`;
  }
  return undefined;
}

function stepTo(key: string): string {
  return /^[\w-]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}
