import { createHash } from 'node:crypto';

const MAX_LENGTH = 63;
const HASH_LENGTH = 8;

/** Returns the name, or its beginning and a hash of all of it where it is longer than 63 characters. */
export function shortName(name: string): string {
  if (name.length <= MAX_LENGTH) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, HASH_LENGTH);
  const readable = name.slice(0, MAX_LENGTH - HASH_LENGTH - 1).replace(/[-.]+$/, '');
  return `${readable}-${hash}`;
}
