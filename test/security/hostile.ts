/** What does something to a terminal or to a reader: CSI, OSC 8 and 52, C1, direction, and line separators. */
export const escapes = {
  csi: '\x1b[2J\x1b[31m',
  osc8: '\x1b]8;;https://evil.example\x07here\x1b]8;;\x07',
  osc52: '\x1b]52;c;ZXZpbA==\x07',
  c1: '\u009b31m\u009d0;title\u009c',
  bidi: '\u202egnp.exe\u202c\u2066x\u2069',
  bell: 'a\x07\x08\x7f\rb',
  separators: 'a\u2028b\u2029c',
} as const;

/** All of them in one text. */
export const hostile = `x${Object.values(escapes).join('-')}y`;

/** What no text for a person holds, but for line ends. */
const forbidden = /[^\P{Cc}\n]|[\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** Returns the characters of a text that act on whoever reads it, as numbers of Unicode. */
export function acting(text: string): string[] {
  return [...new Set(text.match(forbidden) ?? [])].map((each) => `U+${each.codePointAt(0)?.toString(16)}`);
}
