import * as z from 'zod';

/** A name that Kubernetes takes for a Service, in the shape of RFC 1123. */
export const DnsLabel = z
  .string()
  .max(63)
  .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, 'is no DNS label: use a-z, 0-9 and -, with a letter or digit at both ends');
