import { isDeepStrictEqual } from 'node:util';
import type { Json } from '../../release/json.js';
import type { Strategy } from '../../release/strategy.js';
import { Draw, randomNumbers } from './draw.js';
import { referring } from './expand.js';
import { longWords, type Spelling, shortWords } from './hole.js';
import { type Cell, renderDraw } from './render-draw.js';

/** Releases that are rendered in both spellings, for every strategy. */
const DRAWS = 30;

/**
 * Looks whether an environment renders the same however its values are spelled. One that cuts, splits, measures, sorts,
 * hashes or computes with them does not; that two values are compared with each other is not seen here.
 *
 * @throws TypeError that names the first place that differs
 */
export function assertParametric({ environment, strategies }: Cell): void {
  for (const strategy of strategies) {
    for (let seed = 1; seed <= DRAWS; seed += 1) {
      const [short, long] = [shortWords, longWords].map((spelling) => rendered(spelling, seed)) as [Json, Json];
      const found = firstDifference(short, long);
      if (found !== undefined) throw lookedInto(found);
    }

    function rendered(spelling: Spelling, seed: number): Json {
      const row = renderDraw(new Draw(randomNumbers(seed), spelling), environment, strategy as Strategy);
      return Object.fromEntries(row.value.map((each, i) => [`${each.kind}[${i}]`, referring(each, row)]));
    }
  }
}

interface Difference {
  readonly place: string;
  readonly values: readonly [Json | undefined, Json | undefined];
}

function firstDifference(one: Json | undefined, other: Json | undefined, place = ''): Difference | undefined {
  if (isDeepStrictEqual(one, other)) return undefined;
  const values = [one, other] as const;
  if (!isTree(one) || !isTree(other)) return { place, values };
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  const below = (tree: object, key: string) => (tree as { readonly [key: string]: Json })[key];
  for (const key of keys) {
    const found = firstDifference(below(one, key), below(other, key), place === '' ? key : `${place}.${key}`);
    if (found !== undefined) return found;
  }
  return { place, values };
}

function isTree(value: Json | undefined): value is Exclude<Json, string | number | boolean | null> {
  return typeof value === 'object' && value !== null;
}

function lookedInto({ place, values }: Difference): TypeError {
  const [one, other] = values.map(shown);
  return new TypeError(
    `${place} follows from what a value says, since it is ${one} for one spelling and ${other} for another`,
  );
}

function shown(value: Json | undefined): string {
  const text = JSON.stringify(value) ?? 'absent';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
