import type { Json } from '../../release/json.js';

/** `tree` is a map or a list that is printed as it stands in the values. */
export type HoleType = 'text' | 'int' | 'tree';

/** A place in a rendered object that a chart fills from its values. */
export interface Hole {
  /** The item that it belongs to, such as `rule0>backend1`; empty is the release itself. */
  readonly scope: string;
  /** Below that item, such as `version.address.port`. */
  readonly path: string;
  readonly type: HoleType;
}

/** Returns a hole as a developer reads it, such as `<rule0.backend1.version.name>`; two items have different ones. */
export function readable({ scope, path }: Pick<Hole, 'scope' | 'path'>): string {
  return `<${[scope === '' ? 'release' : scope.replaceAll('>', '.'), path].filter((part) => part !== '').join('.')}>`;
}

/** How the holes of a draw are written while constructs are run, by their number. */
export interface Spelling {
  readonly wordOf: (number: number, type: HoleType) => string | number;
  /** Finds such words in a text; its group is what `numberOf` reads. */
  readonly pattern: RegExp;
  readonly numberOf: (found: string) => number;
}

/**
 * Short words of letters and digits, which every name, path and expression may hold. They stand for numbers too, since a
 * number has no room for a mark.
 */
export const shortWords: Spelling = {
  wordOf: (number) => `zq${number}qz`,
  pattern: /zq(\d+)qz/g,
  numberOf: Number,
};

const most = 99_999;
const long = `${'L'.repeat(253)}-._/: `;

/**
 * As unlike the short ones as can be: long, with capitals and whatever texts are split at, in the opposite order; and
 * numbers are numbers.
 */
export const longWords: Spelling = {
  wordOf: (number, type) => (type === 'int' ? 2_000_000_000 + (most - number) * 1000 : `${long}${most - number}Zz`),
  pattern: /(?:L{253}-\._\/: |20)(\d{5})(?:Zz|000)/g,
  numberOf: (found) => most - Number(found),
};

/** The holes of one draw, each by the word that stands for it while constructs are run. */
export class Holes {
  private readonly holes: Hole[] = [];
  /** By the scope, and there by the path. */
  private readonly words = new Map<string, Map<string, string | number>>();
  private readonly parts = new Map<string, readonly (string | Hole)[]>();

  constructor(private readonly spelling: Spelling) {}

  /** Returns the word for a hole; equal holes have the same. */
  wordFor({ scope, path, type }: Hole): string | number {
    const words = this.words.get(scope) ?? new Map<string, string | number>();
    const known = words.get(path);
    if (known !== undefined) return known;
    const word = this.spelling.wordOf(this.holes.length, type);
    this.holes.push({ scope, path, type });
    this.words.set(scope, words.set(path, word));
    return word;
  }

  /** Returns the word that stands for a place, or undefined where there is no hole. */
  wordAt(scope: string, path: string): string | number | undefined {
    return this.words.get(scope)?.get(path);
  }

  /** Returns the parts of a text: what is written as it is, and its holes. */
  partsOf(text: string): readonly (string | Hole)[] {
    const known = this.parts.get(text);
    if (known !== undefined) return known;
    // Most texts hold none, and are not worth remembering.
    if (text.search(this.spelling.pattern) < 0) return text === '' ? [] : [text];
    const parts: (string | Hole)[] = [];
    let end = 0;
    for (const match of text.matchAll(this.spelling.pattern)) {
      if (match.index > end) parts.push(text.slice(end, match.index));
      parts.push(this.holes[this.spelling.numberOf(match[1] ?? '')] as Hole);
      end = match.index + match[0].length;
    }
    if (end < text.length) parts.push(text.slice(end));
    this.parts.set(text, parts);
    return parts;
  }

  /** Returns the scopes of all holes in a tree, keys included. */
  scopesIn(tree: Json): ReadonlySet<string> {
    const scopes = new Set<string>();
    this.addScopes(tree, scopes);
    return scopes;
  }

  private addScopes(tree: Json, scopes: Set<string>): void {
    if (Array.isArray(tree)) {
      for (const item of tree as readonly Json[]) this.addScopes(item, scopes);
    } else if (typeof tree === 'object' && tree !== null) {
      for (const [key, value] of Object.entries(tree)) {
        this.addScopes(key, scopes);
        this.addScopes(value, scopes);
      }
    } else {
      for (const part of this.partsOf(String(tree))) if (typeof part !== 'string') scopes.add(part.scope);
    }
  }
}
