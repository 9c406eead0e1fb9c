import * as z from 'zod';

/** What to do about a name that is no DNS label. */
export const nameHint = 'Use a-z, 0-9 and -, a letter first and a letter or digit last, at most 63 characters.';

/** A name that Kubernetes takes for a namespace, in the shape of RFC 1123. */
export const DnsLabel = z
  .string()
  .max(63)
  .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, 'is no DNS label: use a-z, 0-9 and -, with a letter or digit at both ends');

/** A name that every API server takes for a Service, in the shape of RFC 1035: a letter comes first. */
export const ServiceName = z
  .string()
  .max(63)
  .regex(
    /^[a-z]([-a-z0-9]*[a-z0-9])?$/,
    'is no DNS label: use a-z, 0-9 and -, a letter first and a letter or digit last',
  );
