import type { Texts } from '../../release/json.js';
import { Holes, type HoleType, type Spelling, shortWords } from './hole.js';

/** What a chart can ask of its values, and what the answer was in one draw. */
export type Choice =
  | { readonly kind: 'present' | 'flag'; readonly value: boolean }
  | { readonly kind: 'option'; readonly value: string }
  | { readonly kind: 'count'; readonly value: number };

/** Where a value stands: the item of a loop (empty for the release), and the path below it. */
export class Place {
  constructor(
    readonly draw: Draw,
    readonly scope: string,
    readonly path: string = '',
  ) {}

  at(key: string): Place {
    return new Place(this.draw, this.scope, this.path === '' ? key : `${this.path}.${key}`);
  }

  text(): string {
    return this.word('text') as string;
  }

  /** Mostly a text at run time. */
  int(): number {
    return this.word('int') as number;
  }

  /** A map with one key, which says where its entries come from. */
  tree<T>(): T {
    return { [this.word('tree')]: true } as T;
  }

  private word(type: HoleType): string | number {
    const { scope, path } = this;
    return this.draw.holes.wordFor({ scope, path, type });
  }

  flag(value = this.draw.chance()): boolean {
    return this.draw.choose(this, { kind: 'flag', value }).value;
  }

  option<const T extends string>(options: readonly T[]): T {
    return this.draw.choose(this, { kind: 'option', value: this.draw.among(options) }).value as T;
  }

  optional<T>(make: (place: Place) => T, value = this.draw.chance()): T | undefined {
    return this.draw.choose(this, { kind: 'present', value }).value ? make(this) : undefined;
  }

  /** `item` names the variable of the loop. */
  list<T>(item: string, count: number, make: (place: Place) => T): T[] {
    this.draw.choose(this, { kind: 'count', value: count });
    const scopes = Array.from({ length: count }, (_, i) => `${this.scope}${this.scope === '' ? '' : '>'}${item}${i}`);
    this.draw.loops.set(`${this.scope}>${item}`, { over: this, scopes });
    return scopes.map((scope) => make(new Place(this.draw, scope)));
  }
}

/** One release drawn at random: its choices, and the items of its lists. Everything else in it is a hole. */
export class Draw {
  readonly choices = new Map<string, Map<string, Choice>>();
  /** By the scope and the name of the item. */
  readonly loops = new Map<string, { readonly over: Place; readonly scopes: readonly string[] }>();
  /** What templates can ask of an item, by its scope; filled when it is wanted. */
  readonly answers = new Map<string, ReadonlyMap<string, boolean>>();
  readonly holes: Holes;
  readonly root = new Place(this, '');

  /** @param random returns numbers from 0 to below 1 */
  constructor(
    private readonly random: () => number,
    spelling: Spelling = shortWords,
  ) {
    this.holes = new Holes(spelling);
  }

  chance(): boolean {
    return this.random() < 0.5;
  }

  upTo(max: number): number {
    return Math.floor(this.random() * (max + 1));
  }

  among<T>(options: readonly T[]): T {
    return options[Math.floor(this.random() * options.length)] as T;
  }

  choose<T extends Choice>({ scope, path }: Place, choice: T): T {
    const known = this.choices.get(scope) ?? new Map<string, Choice>();
    this.choices.set(scope, known.set(path, choice));
    return choice;
  }
}

/** A linear congruential generator: the same numbers on every machine, so that the same chart is generated. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Returns a map of texts that may be empty. */
export function texts(place: Place): Texts {
  return place.optional((entries) => entries.tree<Texts>()) ?? {};
}
