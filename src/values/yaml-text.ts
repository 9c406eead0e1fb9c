import { isObject, type Json, type JsonObject } from '../release/json.js';
import { isPlainYaml, quotedYaml } from '../release/yaml-string.js';

/** How a map is laid out as block YAML. */
export interface BlockStyle {
  /** Keys of the outer map whose value is written on one line, as `metadata: {name: a}`. */
  readonly flowKeys: ReadonlySet<string>;
  /** Whether a list stands two columns right of its key, or at the key's own column. */
  readonly indentLists: boolean;
}

type Scalar = string | number | boolean | null;

/**
 * Returns a scalar on one line: a string is plain when no parser can mistake it, else double-quoted.
 * Within `[]` or `{}` (`flow`) a `:` is quoted as well, since older parsers stumble over it there.
 */
export function scalarText(value: Scalar, { flow }: { readonly flow: boolean }): string {
  if (typeof value !== 'string') return String(value);
  return isPlainYaml(value) && !(flow && value.includes(':')) ? value : quotedYaml(value);
}

/** Returns any value on one line, such as `{name: a, ports: [80]}`. */
export function flowText(value: Json): string {
  if (isList(value)) return `[${value.map(flowText).join(', ')}]`;
  if (isObject(value)) return `{${Object.entries(value).map(flowPair).join(', ')}}`;
  return scalarText(value, { flow: true });
}

function flowPair([key, value]: readonly [string, Json]): string {
  return `${scalarText(key, { flow: true })}: ${flowText(value)}`;
}

/** Returns the lines of a map that is not empty, the keys at column 0. */
export function blockLines(map: JsonObject, style: BlockStyle): string[] {
  return Object.entries(map).flatMap(([key, value]) => {
    const head = `${scalarText(key, { flow: false })}:`;
    if (isSimple(value) || style.flowKeys.has(key)) return [`${head} ${simpleText(value)}`];
    const inner = { ...style, flowKeys: new Set<string>() };
    if (isList(value))
      return [head, ...listLines(value, inner).map((line) => (style.indentLists ? `  ${line}` : line))];
    return [head, ...blockLines(value, inner).map((line) => `  ${line}`)];
  });
}

function listLines(list: readonly Json[], style: BlockStyle): string[] {
  return list.flatMap((item) => {
    if (isSimple(item) || isList(item)) return [`- ${simpleText(item)}`];
    return blockLines(item, style).map((line, index) => `${index === 0 ? '- ' : '  '}${line}`);
  });
}

/** What has no block form: scalars, and collections without members. */
function isSimple(value: Json): value is Scalar {
  return !(isList(value) || isObject(value)) || Object.keys(value).length === 0;
}

function simpleText(value: Json): string {
  return isList(value) || isObject(value) ? flowText(value) : scalarText(value, { flow: false });
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
