import * as z from 'zod';

/** Words that are printed and committed as they stand: one line that shows all it holds. */
export const PlainLine = z
  .string()
  .refine((text) => text.trim() !== '', { error: 'says nothing: write a few words, or remove the key' })
  .refine((text) => !/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(text), {
    error: 'holds a line break or what cannot be seen: write one plain line',
  });
