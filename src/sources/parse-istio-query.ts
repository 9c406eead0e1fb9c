import { columnQuery, type Selection } from './telemetry/column-query.js';
import { istio } from './telemetry/istio.js';
import type { Column, Telemetry } from './telemetry/telemetry.js';

/** A query taken apart again. */
export interface ParsedQuery {
  readonly column: Column;
  readonly selection: Selection;
}

const columns = ['requests', 'errors', 'latency', 'buckets'] as const satisfies readonly Column[];

/**
 * Returns what a query of Istio's counters asks for, and undefined for any other text.
 * Whatever was read is written again and compared, so the two cannot drift apart.
 */
export function parseIstioQuery(query: string, telemetry: Telemetry = istio): ParsedQuery | undefined {
  const interval = Number(/\[(\d+)s\]\)\)$/.exec(query)?.[1]);
  const names = istio.labels.map((label) => [label, namesMatchedBy(label, query)] as const);
  if (names.some(([, found]) => found === undefined)) return undefined;

  const selection = { names: Object.fromEntries(names), interval } as Selection;
  const column = columns.find((each) => columnQuery(telemetry, each, selection) === query);
  return column && { column, selection };
}

function namesMatchedBy(label: string, query: string): readonly string[] | undefined {
  const literal = new RegExp(`[{ ]${label}=~("(?:[^"\\\\]|\\\\.)*")`).exec(query)?.[1];
  return literal === undefined ? undefined : alternatives(unquote(literal));
}

function unquote(literal: string): string {
  try {
    return String(JSON.parse(literal));
  } catch {
    // PromQL has escapes that JSON has not; `oneOf` writes none of them.
    return '';
  }
}

function alternatives(pattern: string): readonly string[] {
  const names = [''];
  for (const [, escaped, plain] of pattern.matchAll(/\\(.)|([^\\])/gsu)) {
    if (plain === '|') names.push('');
    else names.push(`${names.pop()}${escaped ?? plain}`);
  }
  return names;
}
