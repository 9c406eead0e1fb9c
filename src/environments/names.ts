import { createHash } from 'node:crypto';

/** The longest DNS label: what every kind of object may be called. */
const MAX_NAME = 63;
const HASH_LENGTH = 8;

/** What tells two objects apart beside the parts of their names. */
export interface NameOptions {
  /**
   * Texts that differ between two objects whose parts are the same, such as a host.
   * @default []
   */
  readonly identity?: readonly string[];
  /**
   * Whether the parts alone suffice; else a hash of the identity is always there.
   * @default - where there is no identity
   */
  readonly plain?: boolean;
}

/**
 * Returns a name for one of several objects of a release: a DNS label of at most 63 characters, which two objects never
 * share and which stays from one synth to the next. Call it in `prepare`, since a chart cannot cut.
 *
 * Two hyphens part the names, or else shop with api-v1 and shop-api with v1 would have one object; a hash does where the
 * parts have two as well, and where they are cut.
 *
 * @param parts DNS labels, the release's name first
 *
 * @example
 * objectName(['shop', 'v1']) // shop--v1
 */
export function objectName(parts: readonly string[], options: NameOptions = {}): string {
  const { identity = [], plain = identity.length === 0 } = options;
  const base = parts.join('--');
  if (plain && base.length <= MAX_NAME && base.split('--').length === parts.length) return base;
  const text = [...parts, ...identity].join('\n');
  const hash = createHash('sha256').update(text).digest('hex').slice(0, HASH_LENGTH);
  return `${base.slice(0, MAX_NAME - HASH_LENGTH - 1).replace(/(?<!-)-+$/, '')}-${hash}`;
}
