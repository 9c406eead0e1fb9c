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

/** Labels of a Kubernetes object. */
export const Labels = z.record(
  z.string(),
  z
    .string()
    .max(63)
    .regex(/^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/, 'is no value of a label: use letters, digits, -, _ and .'),
);
