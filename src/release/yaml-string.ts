/**
 * Texts that every parser reads as text without quotes: a letter or a slash first, so that nothing looks like a number,
 * a date, an indicator or a document mark, and none of the words that YAML 1.1, 1.2 or a program takes for something
 * else; parsers that follow the float of YAML 1.1 to the letter read even `e1` as one.
 */
const plainText =
  /^(?!(?:y|n|yes|no|on|off|true|false|null|nan|inf|infinity|e[-+]?[0-9_]+)$)[a-z/](?:[a-z0-9_./@+=:-]*[a-z0-9_./@+=-])?$/i;

/** What JSON leaves as it is, but YAML takes for a line break, a byte order mark or nothing that it may print. */
const unprintable = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

/** Returns whether every YAML parser reads the text as itself without quotes, outside of `[]` and `{}`. */
export function isPlainYaml(text: string): boolean {
  return plainText.test(text);
}

/** Returns the text in double quotes, as JSON that every YAML parser reads alike. */
export function quotedYaml(text: string): string {
  return JSON.stringify(text).replace(unprintable, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
