/** What is read so far. */
interface State {
  /** How many groups are open. */
  open: number;
  readonly names: Set<string>;
  /** Whether something stands before that a repetition can repeat. */
  repeatable: boolean;
  /** Whether a repetition stands right before. */
  repeated: boolean;
}

const MAX_REPEAT = 1000;
const repetition = /^(?:[*+?]|\{(0|[1-9]\d*)(,(0|[1-9]\d*)?)?\})\??/;
const escaped =
  /^\\(?:[1-7][0-7]{1,2}|0[0-7]{0,2}|x[0-9a-fA-F]{2}|x\{[0-9a-fA-F]+\}|[afnrtv]|[^\p{L}\p{N}\u0080-\u{10ffff}])/u;
const classes = /^\\(?:[dDsSwW]|[pP](?:\{[^}]*\}|[A-Za-z]))/;
const anchors = /^\\(?:[AbBzCE])/;
const posix = /^\[:\^?(?:alnum|alpha|ascii|blank|cntrl|digit|graph|lower|print|punct|space|upper|word|xdigit):\]/;

/**
 * Returns why RE2, which compares in Envoy and so in all gateways here, surely does not take an expression; undefined
 * where it may. The names of Unicode classes and the size of what is repeated within repetitions are left to RE2.
 * Syntax: https://github.com/google/re2/wiki/Syntax
 */
export function re2Fault(expression: string): string | undefined {
  const state: State = { open: 0, names: new Set(), repeatable: false, repeated: false };
  for (let rest = expression; rest !== ''; ) {
    const read = readNext(rest, state);
    if (typeof read === 'string') return read;
    rest = rest.slice(read);
  }
  return state.open > 0 ? 'a parenthesis is not closed' : undefined;
}

/** Returns how many characters were read, or what is wrong with them. */
function readNext(rest: string, state: State): number | string {
  const repeats = repetition.exec(rest);
  if (repeats) return readRepetition(repeats, state);
  state.repeated = false;
  if (rest.startsWith('(?')) return readSpecialGroup(rest, state);
  switch (rest[0]) {
    case '(':
      return openGroup(state, 1);
    case ')':
      state.open -= 1;
      state.repeatable = true;
      return state.open < 0 ? 'a parenthesis is closed that was not opened' : 1;
    case '|':
      state.repeatable = false;
      return 1;
  }
  if (rest.startsWith('\\Q')) return readQuoted(rest, state);
  state.repeatable = true;
  if (rest[0] === '[') return readClass(rest);
  return rest[0] === '\\' ? readEscape(rest, [escaped, classes, anchors]) : 1;
}

function openGroup(state: State, length: number): number {
  state.open += 1;
  state.repeatable = false;
  return length;
}

function readRepetition([text, least, , most = least]: RegExpExecArray, state: State): number | string {
  if (!state.repeatable) return `${text} has nothing to repeat`;
  if (state.repeated) return `${text} repeats a repetition`;
  state.repeated = true;
  if (Number(least ?? 0) > MAX_REPEAT || Number(most ?? 0) > MAX_REPEAT) return `${text} is above ${MAX_REPEAT}`;
  return Number(most) < Number(least) ? `${text} counts downwards` : text.length;
}

function readSpecialGroup(rest: string, state: State): number | string {
  if (/^\(\?<?[=!]/.test(rest)) return `${rest.slice(0, rest.indexOf('<') === 2 ? 4 : 3)} is a look-around`;
  if (rest.startsWith('(?P=')) return '(?P= is a backreference';
  const [flags, , end] = /^\(\?[imsU]*(-[imsU]+)?([:)])/.exec(rest) ?? [];
  if (flags !== undefined) return end === ':' ? openGroup(state, flags.length) : flags.length;
  const [opening, name] = /^\(\?P?<([\p{L}\p{M}\p{N}\p{Pc}]+)>/u.exec(rest) ?? [];
  if (opening === undefined || name === undefined) return `${rest.slice(0, 3)} begins no group that RE2 knows`;
  if (state.names.has(name)) return `two groups are called ${name}`;
  state.names.add(name);
  return openGroup(state, opening.length);
}

function readQuoted(rest: string, state: State): number {
  const end = rest.indexOf('\\E');
  if (end !== 2 && rest.length > 2) state.repeatable = true;
  return end < 0 ? rest.length : end + 2;
}

function readEscape(rest: string, known: readonly RegExp[]): number | string {
  for (const each of known) {
    const [text] = each.exec(rest) ?? [];
    if (text !== undefined) return text.length;
  }
  if (rest === '\\') return 'a backslash stands at the end';
  if (/^\\(?:[1-9]|k[<{'])/.test(rest)) return `${rest.slice(0, 2)} is a backreference`;
  return `${String.fromCodePoint(92, rest.codePointAt(1) ?? 0)} is no escape`;
}

function readClass(rest: string): number | string {
  let at = rest[1] === '^' ? 2 : 1;
  for (let first = true; first || rest[at] !== ']'; first = false) {
    if (at >= rest.length) return 'a bracket is not closed';
    const read = readClassPart(rest.slice(at));
    if (typeof read === 'string') return read;
    at += read;
  }
  return at + 1;
}

/** A named class, a character, or a range of characters. */
function readClassPart(rest: string): number | string {
  const [named] = classes.exec(rest) ?? posix.exec(rest) ?? [];
  if (named !== undefined) return named.length;
  const [unknown] = /^\[:[^\]]*?:\]/.exec(rest) ?? [];
  if (unknown !== undefined) return `${unknown} is no class`;
  const from = readCharacter(rest);
  if (typeof from === 'string' || !/^-[^\]]/.test(rest.slice(from))) return from;
  const to = readCharacter(rest.slice(from + 1));
  if (typeof to === 'string') return to;
  const length = from + 1 + to;
  const [low, high] = [codeOf(rest.slice(0, from)), codeOf(rest.slice(from + 1, length))];
  return high < low ? `${rest.slice(0, length)} is no range` : length;
}

function readCharacter(rest: string): number | string {
  if (rest.startsWith('\\')) return readEscape(rest, [escaped]);
  return String.fromCodePoint(rest.codePointAt(0) ?? 0).length;
}

/** The code point of a character as it is written in a class. */
function codeOf(text: string): number {
  const [, hex] = /^\\x\{?([0-9a-fA-F]+)\}?$/.exec(text) ?? [];
  if (hex !== undefined) return Number.parseInt(hex, 16);
  if (/^\\[0-7]/.test(text)) return Number.parseInt(text.slice(1), 8);
  const control = text.startsWith('\\') ? 'abtnvfr'.indexOf(text[1] ?? '') : -1;
  // From the bell at 7 to the return at 13, but b is no escape in a class.
  if (control >= 0) return control + 7;
  return text.codePointAt(text.startsWith('\\') ? 1 : 0) ?? 0;
}
