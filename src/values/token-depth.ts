import type { CST } from 'yaml';

/**
 * Returns the offset of a token that is nested more than `limit` levels deep, or undefined when there is none.
 * It does not recurse, so that no text can exhaust the stack.
 */
export function tooDeepAt(root: CST.Token, limit: number): number | undefined {
  const waiting = [{ token: root, depth: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { token, depth } = next;
    if (depth > limit) return token.offset;
    for (const child of childrenOf(token)) waiting.push({ token: child, depth: depth + 1 });
  }
  return undefined;
}

function childrenOf(token: CST.Token): CST.Token[] {
  if (token.type === 'document') return token.value === undefined ? [] : [token.value];
  if (!('items' in token)) return [];
  return token.items.flatMap(({ key, value }) => [key, value].filter((child) => child !== null && child !== undefined));
}
