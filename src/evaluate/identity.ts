import { createHash } from 'node:crypto';
import type { VersionModel } from '../release/model.js';

/** Returns the hash of a text as `sha256:` and 16 hex digits, enough to tell two apart and short enough to read. */
export function hash(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
}

/** Returns what a version is, without what the evaluator changes: a new identity asks for a new analysis. */
export function identityOf({ weight: _, routed: __, workload: ___, ...spec }: VersionModel): string {
  return hash(JSON.stringify(spec));
}
