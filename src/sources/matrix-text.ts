/** Unix seconds and a number as text, which may also be `NaN`, `+Inf` or `-Inf`. */
export type PrometheusValue = readonly [number, string];

/** The values of a series that stay text until somebody goes through them: of an answer with a million, none is kept. */
export class WrittenValues implements Iterable<PrometheusValue> {
  readonly #text: string;
  readonly #from: number;
  readonly #to: number;

  /** @param extent from the bracket that begins the list to behind the one that ends it */
  constructor(text: string, [from, to]: readonly [number, number]) {
    this.#text = text;
    this.#from = from;
    this.#to = to;
  }

  *[Symbol.iterator](): Generator<PrometheusValue> {
    const text = this.#text;
    for (let at = this.#from + 1; at < this.#to - 1; ) {
      const comma = text.indexOf(',', at);
      const quote = text.indexOf('"', comma + 2);
      yield [Number(text.slice(at + 1, comma)), text.slice(comma + 2, quote)];
      at = quote + 3;
    }
  }
}

const marker = '"values":[';

/**
 * Returns what JSON.parse does, but for the values of the series in a matrix as Prometheus writes it, without blanks: they
 * are `WrittenValues`. A text of any other form is parsed as it is.
 *
 * @throws SyntaxError when it is no JSON
 */
export function parseMatrixText(text: string): unknown {
  const found = withoutValues(text);
  const body = found && JSON.parse(found.rest);
  const result: unknown = body?.data?.result;
  const isWhole =
    Array.isArray(result) &&
    result.length === found?.values.length &&
    result.every((series: { values?: unknown } | null, i) => series?.values === i);
  if (found === undefined || !isWhole) return JSON.parse(text);
  for (const [i, series] of result.entries()) series.values = found.values[i];
  return body;
}

interface Taken {
  /** The text with a number in place of each list. */
  readonly rest: string;
  readonly values: readonly WrittenValues[];
}

/** Returns undefined where a list of values is not written as Prometheus does. */
function withoutValues(text: string): Taken | undefined {
  const parts: string[] = [];
  const values: WrittenValues[] = [];
  let done = 0;
  for (let at = text.indexOf(marker); at >= 0; at = text.indexOf(marker, done)) {
    const from = at + marker.length - 1;
    const to = endOfValues(text, from);
    // Behind a backslash the quote is part of a key that only ends like this one.
    if (to === undefined || text.charAt(at - 1) === '\\') return undefined;
    parts.push(text.slice(done, from), String(values.length));
    values.push(new WrittenValues(text, [from, to]));
    done = to;
  }
  if (values.length === 0) return undefined;
  parts.push(text.slice(done));
  return { rest: parts.join(''), values };
}

const [openBracket, closeBracket, comma, quote, dot, zero, nine] = [...'[],".09'].map((each) => each.charCodeAt(0)) as [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
];

/** Returns where a list such as `[[1700000040,"5"],[1700000100,"NaN"]]` ends that begins there; undefined for any other. */
function endOfValues(text: string, from: number): number | undefined {
  let at = from + 1;
  if (text.charCodeAt(at) === closeBracket) return at + 1;
  for (;;) {
    if (text.charCodeAt(at) !== openBracket) return undefined;
    const number = at + 1;
    at = endOfNumber(text, number);
    if (at === number || text.charCodeAt(at) !== comma || text.charCodeAt(at + 1) !== quote) return undefined;
    at = endOfWord(text, at + 2);
    if (text.charCodeAt(at) !== quote || text.charCodeAt(at + 1) !== closeBracket) return undefined;
    at += 2;
    if (text.charCodeAt(at) === closeBracket) return at + 1;
    if (text.charCodeAt(at) !== comma) return undefined;
    at += 1;
  }
}

/** Digits, of which the first is not 0, and some behind a point; where there are none, where it begins. */
function endOfNumber(text: string, from: number): number {
  let at = from;
  if (text.charCodeAt(at) === zero) return at;
  while (isDigit(text.charCodeAt(at))) at += 1;
  if (at === from || text.charCodeAt(at) !== dot) return at;
  const behind = at + 1;
  at = behind;
  while (isDigit(text.charCodeAt(at))) at += 1;
  return at === behind ? from : at;
}

function isDigit(code: number): boolean {
  return code >= zero && code <= nine;
}

/** The letters, digits and signs of a number's text. */
function endOfWord(text: string, from: number): number {
  let at = from;
  while (isOfWord(text.charCodeAt(at))) at += 1;
  return at;
}

/** From `+` to `z` there is no quote and no backslash but the one at 92. */
function isOfWord(code: number): boolean {
  return code >= 43 && code <= 122 && code !== 92;
}
