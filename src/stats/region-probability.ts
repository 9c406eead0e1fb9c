import { integratePanels } from './integrate-panels.js';
import type { Posterior } from './posterior.js';

/** A limit that may move with another value: constant + ratio × that value. */
export interface Line {
  readonly constant: number;
  /** 0 for a fixed limit. */
  readonly ratio: number;
}

/** Where a value keeps its limits. All are inclusive, which makes no difference to a probability. */
export interface Region {
  /** The value is at most each of them. */
  readonly uppers: readonly Line[];
  /** The value is at least each of them. */
  readonly lowers: readonly Line[];
  /** From and to of the value that it is compared with. @default everything */
  readonly reference?: readonly [number, number];
}

/**
 * Returns the probability that a value lies in a region, where its limits may move with a second, independent value and
 * that one may have to lie in an interval itself.
 *
 * Formula: ∫ f(r)·[F(min of the uppers at r) − F(max of the lowers at r)]⁺ dr over the reference r, on its own scale,
 * in panels that break at every kink and around where F is steep. Accuracy: 1e-9 absolute; checked with mpmath for beta
 * shapes from 0.1 to 1e6 and 1 degree of freedom to 1e6. Without a second value, differences of the CDF.
 */
export function regionProbability(value: Posterior, reference: Posterior | undefined, region: Region): number {
  const chance = (at: number): number => {
    const upper = least(region.uppers, at);
    const lower = greatest(region.lowers, at);
    if (upper <= lower) return 0;
    const below = upper === Number.POSITIVE_INFINITY ? 1 : value.cdf(upper);
    return below - (lower === Number.NEGATIVE_INFINITY ? 0 : value.cdf(lower));
  };
  const lines = [...region.uppers, ...region.lowers];
  const fixed = lines.every(({ ratio }) => ratio === 0);
  if (reference === undefined || (fixed && region.reference === undefined)) return clamp(chance(0));
  const { density, valueAt } = reference.scale;
  const breaks = breaksOf(value, reference, { ...region, lines });
  return clamp(integratePanels((place) => density(place) * chance(valueAt(place)), breaks));
}

interface BrokenRegion extends Region {
  readonly lines: readonly Line[];
}

/** In widths from the center: close where a normal density bends, far for tails that are exponential. */
const offsets = [0, 1.5, 3.5, 6, 9, 13, 20, 30, 45, 65, 90, 120];

/** Where the value's own CDF bends, in widths from its center. */
const bends = [-6, -2.5, 0, 2.5, 6];

function breaksOf(value: Posterior, { scale }: Posterior, region: BrokenRegion): number[] {
  const { center, width, density, placeOf } = scale;
  const peak = density(center);
  const grid = [...offsets.slice(1).map((each) => -each), ...offsets].map((each) => center + each * width);
  const seen = grid.filter((place) => density(place) > 1e-18 * peak);
  const reach = [Math.min(...seen) - 2 * width, Math.max(...seen) + 2 * width] as const;
  const [least, most] = (region.reference ?? [-Infinity, Infinity]).map(placeOf) as [number, number];
  const [from, to] = [Math.max(reach[0], least), Math.min(reach[1], most)];
  const places = [...kinks(region.lines), ...steeps(value, region.lines)].map(placeOf);
  if (!(from < to)) return [];
  const inside = [...grid, ...places].filter((place) => place > from && place < to);
  return [from, ...inside.sort((x, y) => x - y), to];
}

/** Where two lines cross. */
function kinks(lines: readonly Line[]): number[] {
  return lines.flatMap((one, i) =>
    lines.slice(i + 1).flatMap((other) => {
      return one.ratio === other.ratio ? [] : [(other.constant - one.constant) / (one.ratio - other.ratio)];
    }),
  );
}

function steeps({ scale }: Posterior, lines: readonly Line[]): number[] {
  const values = bends.map((each) => scale.valueAt(scale.center + each * scale.width));
  return lines
    .filter(({ ratio }) => ratio !== 0)
    .flatMap(({ constant, ratio }) => values.map((each) => (each - constant) / ratio));
}

function least(lines: readonly Line[], at: number): number {
  return Math.min(...lines.map(({ constant, ratio }) => constant + ratio * at));
}

function greatest(lines: readonly Line[], at: number): number {
  return Math.max(...lines.map(({ constant, ratio }) => constant + ratio * at));
}

function clamp(probability: number): number {
  return Math.min(1, Math.max(0, probability));
}
