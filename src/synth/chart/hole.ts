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

/** Holes stand in texts as short words of letters and digits, which every name, path and expression may hold. */
const pattern = /zq(\d+)qz/g;

/** The holes of one draw, each by the word that stands for it while constructs are run. */
export class Holes {
  private readonly holes: Hole[] = [];
  private readonly words = new Map<string, string>();
  private readonly scopes = new WeakMap<object, ReadonlySet<string>>();

  /** Returns the word for a hole; equal holes have the same. */
  wordFor({ scope, path, type }: Hole): string {
    const place = `${scope}.${path}`;
    const known = this.words.get(place);
    if (known !== undefined) return known;
    const word = `zq${this.holes.length}qz`;
    this.holes.push({ scope, path, type });
    this.words.set(place, word);
    return word;
  }

  /** Returns the parts of a text: what is written as it is, and its holes. */
  partsOf(text: string): (string | Hole)[] {
    if (!text.includes('zq')) return text === '' ? [] : [text];
    const parts: (string | Hole)[] = [];
    let end = 0;
    for (const match of text.matchAll(pattern)) {
      if (match.index > end) parts.push(text.slice(end, match.index));
      parts.push(this.holes[Number(match[1])] as Hole);
      end = match.index + match[0].length;
    }
    if (end < text.length) parts.push(text.slice(end));
    return parts;
  }

  /** Returns the scopes of all holes in a tree, keys included. */
  scopesIn(tree: Json): ReadonlySet<string> {
    if (typeof tree !== 'object' || tree === null) return new Set(this.scopesOf(String(tree)));
    const known = this.scopes.get(tree);
    if (known !== undefined) return known;
    const inner = Object.entries(tree).flatMap(([key, value]) => [...this.scopesOf(key), ...this.scopesIn(value)]);
    const scopes = new Set(inner);
    this.scopes.set(tree, scopes);
    return scopes;
  }

  private scopesOf(text: string): string[] {
    return this.partsOf(text).flatMap((part) => (typeof part === 'string' ? [] : [part.scope]));
  }
}
