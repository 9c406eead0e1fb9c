import * as z from 'zod';

/** Helm takes an empty key for an absent one, and so do values files of Iter8. */
export function maybe<Schema extends z.ZodType>(schema: Schema) {
  return schema.nullish().transform((value) => value ?? undefined);
}

/**
 * Returns words for a key without a value. One that says who gets traffic is never taken for absent: a slip in an editor
 * would bring the default to an unproven version.
 */
export function unlessEmpty(words: string) {
  return { error: ({ input }: { readonly input?: unknown }) => (input === null ? words : undefined) };
}

/** The number of a port. */
export const Port = z.int().min(1).max(65_535);

/**
 * Returns a shape that takes the number in quotes as well, as Helm does. Iter8's templates print it without them, where
 * 010 would be eight and 1e2 a hundred: such texts are left out.
 *
 * @param digits the most that the number may have
 */
export function orQuoted<Whole extends z.ZodType<number, number>>(whole: Whole, digits: number) {
  const text = z
    .string()
    .regex(
      new RegExp(`^(0|[1-9][0-9]{0,${digits - 1}})$`),
      `is no whole number: give at most ${digits} digits, without a 0 before others`,
    )
    .transform(Number)
    .pipe(whole);
  return z.union([whole, text]);
}

/** The number of a port where Iter8 has one. */
export const QuotablePort = orQuoted(Port, 5);

/** What the API server keeps a number of pods in has 32 bits. */
export const MAX_PODS = 2_147_483_647;

/** A number as Kubernetes writes it, with a unit or without; not below 0. */
export const QUANTITY = '^\\+?([0-9]+\\.?[0-9]*|\\.[0-9]+)([numkMGTPE]|[KMGTPE]i|[eE][-+]?[0-9]+)?$';

const DNS_LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
/** A name of Kubernetes in the shape of RFC 1123: labels with dots between them. */
export const SUBDOMAIN = `${DNS_LABEL}(\\.${DNS_LABEL})*`;
export const MAX_SUBDOMAIN = 253;

/** The name of a key, with a domain before it or without one. */
function qualified(domain: string): string {
  return `^(${domain}/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$`;
}

const keyHint = 'use letters, digits, -, _ and ., at most 63, with a domain such as example.com/ before them or none';

function key(pattern: string, what: string) {
  return z
    .string()
    .regex(new RegExp(pattern), `is no ${what}: ${keyHint}`)
    .refine((text) => text.lastIndexOf('/') <= MAX_SUBDOMAIN, {
      error: `has more than ${MAX_SUBDOMAIN} characters before the /: shorten the domain`,
    });
}

/** What a port speaks: a name of IANA, or one with a domain. */
export const AppProtocol = key(qualified(SUBDOMAIN), 'name of a protocol');

const LabelKey = key(qualified(SUBDOMAIN), 'key of a label');

const LabelValue = z
  .string()
  .max(63)
  .regex(/^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/, 'is no value of a label: use letters, digits, -, _ and .');

/** Labels of a Kubernetes object. */
export const Labels = z.record(LabelKey, LabelValue);

/** Of the key of an annotation, the API server compares the domain without case. */
const AnnotationKey = key(qualified(SUBDOMAIN.replaceAll('a-z', 'A-Za-z')), 'key of an annotation');

/** Annotations of a Kubernetes object. */
export const Annotations = z.record(AnnotationKey, z.string());

/** Labels and annotations as a part that is merged has them, where `null` removes one. */
export function partialMetadata() {
  return z.looseObject({
    labels: z.record(LabelKey, LabelValue.nullable()).nullish(),
    annotations: z.record(AnnotationKey, z.string().nullable()).nullish(),
  });
}
