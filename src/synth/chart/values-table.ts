import type { JsonObject } from '../../release/json.js';

/** One key of the values. */
interface Row {
  readonly key: string;
  readonly type: string;
  readonly fallback: string;
  readonly description: string;
}

/**
 * Keys whose parts are documented elsewhere, by Kubernetes, Istio and the Gateway API, or that only `sluice evaluate`
 * reads.
 */
const closed = new Set(['match', 'matches', 'analysis', 'rollout', 'spec', 'metrics', 'behavior']);

/**
 * Returns the keys of a schema of values as a Markdown table: key, type, default, description.
 *
 * @param hidden keys that are left out with all below them, such as `application.versions[].match`
 */
export function valuesTable(schema: JsonObject, hidden: readonly string[] = []): string {
  const rows = rowsOf(schema, '', new Set(hidden)).map(({ key, type, fallback, description }) =>
    row([`\`${key}\``, type, fallback, description]),
  );
  return [row(['key', 'type', 'default', 'description']), '|---|---|---|---|', ...rows].join('\n');
}

function row(cells: readonly string[]): string {
  const texts = cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('<', '&lt;'));
  return `|${texts.map((text) => (text === '' ? ' ' : ` ${text} `)).join('|')}|`;
}

function rowsOf(schema: JsonObject, prefix: string, hidden: ReadonlySet<string>): Row[] {
  const required = (schema.required ?? []) as readonly string[];
  return Object.entries((schema.properties ?? {}) as Readonly<Record<string, JsonObject>>).flatMap(([name, part]) => {
    const key = `${prefix}${name}`;
    if (hidden.has(key)) return [];
    const own = { key, type: typeOf(part), ...wordsOf(part, required.includes(name)) };
    if (closed.has(name)) return [own];
    const items = part.items as JsonObject | undefined;
    return [
      own,
      ...rowsOf(part, `${key}.`, hidden),
      ...(items === undefined ? [] : rowsOf(items, `${key}[].`, hidden)),
    ];
  });
}

function wordsOf({ description }: JsonObject, required: boolean): Pick<Row, 'fallback' | 'description'> {
  const text = typeof description === 'string' ? description : '';
  const fallback = /\bdefaults?(?: to|:)? ([^;,)]+)/.exec(text)?.[1];
  const rest = fallback === undefined ? text : text.replace(/[;,]? ?\bdefaults?(?: to|:)? [^;,)]+/, '');
  return { fallback: required ? 'required' : (fallback ?? ''), description: rest };
}

const words: Readonly<Record<string, string>> = { object: 'map', array: 'list' };

function typeOf(part: JsonObject): string {
  const allowed = part.enum as readonly string[] | undefined;
  if (allowed !== undefined) return allowed.map((each) => `\`${each}\``).join(', ');
  const types = [part.type ?? 'any'].flat() as string[];
  return types
    .filter((type) => type !== 'null')
    .map((type) => words[type] ?? type)
    .join(' or ');
}
