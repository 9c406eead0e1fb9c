import * as z from 'zod';

/**
 * Returns a shape that is made for the first value that it checks: a file has few of all keys, and every shape costs its
 * part of the start.
 *
 * @param make returns a shape that a key must be there for: it takes no undefined, and has no default
 */
export function onDemand<Schema extends z.ZodType>(make: () => Schema): z.ZodLazy<Schema> {
  const shape = z.lazy(make);
  // zod would make it to learn whether its key may be missing.
  Object.assign(shape._zod, { optin: undefined, optout: undefined });
  return shape;
}
