/** Where a text stops being JSON, and why. */
export interface JsonFault {
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
  /** In the words of the runtime. */
  readonly message: string;
}

/** Returns what is wrong with a text that ought to be JSON; undefined where nothing is. */
export function jsonFault(text: string): JsonFault | undefined {
  const said = errorOf(text);
  if (said === undefined) return undefined;
  const before = text.slice(0, offsetOf(text, said)).split('\n');
  const message = said.replace(/( in JSON)? at position .*|, (\.\.\.)?".* is not valid JSON$/s, '');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, message };
}

function errorOf(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The runtime does not always say it: an unexpected token ends the longest beginning that is not refused for one. */
function offsetOf(text: string, said: string): number {
  const position = /at position (\d+)/.exec(said)?.[1];
  if (position !== undefined) return Number(position);
  if (!isToken(said)) return text.trimEnd().length;
  let [sound, broken] = [0, text.length];
  while (broken - sound > 1) {
    const middle = Math.floor((sound + broken) / 2);
    if (isToken(errorOf(text.slice(0, middle)))) broken = middle;
    else sound = middle;
  }
  return sound;
}

function isToken(said: string | undefined): boolean {
  return said?.startsWith('Unexpected token') === true;
}
