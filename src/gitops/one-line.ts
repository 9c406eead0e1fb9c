/** Controls (newlines among them), invisible and direction-changing characters, line separators, halves of pairs. */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * Returns text from outside as a single line that shows all it holds: what cannot be seen, breaks a line or turns
 * the reading direction becomes a space, and runs of space become one.
 */
export function oneLine(text: string): string {
  return text.replace(unprintable, ' ').replace(/\s+/gu, ' ').trim();
}
