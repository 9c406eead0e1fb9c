import type { CST } from 'yaml';

/**
 * Returns the offset of a token that is nested more than `limit` levels deep, or undefined when there is none; of
 * several the last in the text. It recurses no deeper than the limit, so that no text can exhaust the stack.
 */
export function tooDeepAt(token: CST.Token, limit: number): number | undefined {
  if (limit < 0) return token.offset;
  if (token.type === 'document') return childTooDeepAt(token.value, limit);
  if (!('items' in token)) return undefined;
  for (let position = token.items.length - 1; position >= 0; position--) {
    const item = token.items[position];
    const offset = childTooDeepAt(item?.value, limit) ?? childTooDeepAt(item?.key, limit);
    if (offset !== undefined) return offset;
  }
  return undefined;
}

function childTooDeepAt(child: CST.Token | null | undefined, limit: number): number | undefined {
  return child ? tooDeepAt(child, limit - 1) : undefined;
}
