import { createHash } from 'node:crypto';
import type { LoadedValues } from '../values/load.js';

/** Returns the hash of a text as `sha256:` and 16 hex digits, enough to tell two apart and short enough to read. */
export function hash(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
}

/**
 * Returns what a version is, by what its own entry says beside the scalars that the evaluator owns: another identity
 * asks for another analysis. What the application says counts for all versions alike and is no part of it. These keys
 * are kept in every status.yaml: adding one makes settled versions candidates again, so it needs a default that is left out.
 */
export function identityOf({ values, release }: LoadedValues, name: string): string {
  const position = release.model.versions.findIndex((version) => version.name === name);
  const { weight: _, routed: __, metadata, ...entry } = values.application.versions[position] ?? {};
  const { labels, annotations, namespace } = metadata ?? {};
  return hash(JSON.stringify(sorted({ ...entry, name, labels, annotations, namespace })));
}

/** Returns the value with the keys of every map in order: the layout of a file is no part of what it says. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, entry]) => [key, sorted(entry)]));
}
