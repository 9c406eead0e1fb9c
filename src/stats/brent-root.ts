/** A place and the value of the function there. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** How exactly a root is asked for. */
export interface RootOptions {
  /** The root is at most this far from what is returned, in the unit of x. */
  readonly tolerance: number;
  /** Values of the function that are asked for at most. */
  readonly maxSteps: number;
}

/**
 * Returns where `f` changes its sign between two points, by Brent's method: a parabola or a line through what is known
 * as long as it is quicker than halving. The tolerance is absolute, so that it is coarse for roots near 0. After
 * `maxSteps` the best place so far; NaN as soon as `f` is NaN.
 *
 * The steps are those of R's `uniroot`, also where `f` is a staircase that has no single root: what is returned then
 * depends on each of them. Brent, Algorithms for minimization without derivatives (1973), chapter 4.
 */
export function brentRoot(
  f: (x: number) => number,
  [low, high]: readonly [Point, Point],
  { tolerance, maxSteps }: RootOptions,
): number {
  if (low.y === 0) return low.x;
  if (high.y === 0) return high.x;
  let search: Search = { best: high, previous: low, opposite: low };
  for (let step = 0; step < maxSteps; step += 1) {
    const lastMove = Math.abs(search.best.x - search.previous.x);
    search = bestFirst(search);
    const { best, opposite } = search;
    const least = 2 * Number.EPSILON * Math.abs(best.x) + tolerance / 2;
    if (best.y === 0 || Math.abs(opposite.x - best.x) / 2 <= least) return best.x;
    const move = nextMove(search, lastMove, least);
    const x = best.x + (Math.abs(move) >= least ? move : move > 0 ? least : -least);
    const next = { x, y: f(x) };
    if (Number.isNaN(next.y)) return Number.NaN;
    search = { best: next, previous: best, opposite: next.y * opposite.y > 0 ? best : opposite };
  }
  return search.best.x;
}

/** What the search knows: the root lies between `best` and `opposite`. */
interface Search {
  readonly best: Point;
  readonly previous: Point;
  readonly opposite: Point;
}

function bestFirst(search: Search): Search {
  const { best, opposite } = search;
  const isBest = Math.abs(best.y) <= Math.abs(opposite.y);
  return isBest ? search : { best: opposite, previous: best, opposite: best };
}

/** The move to where the curve through the known points is 0, or half of the way where that is no progress. */
function nextMove(search: Search, lastMove: number, least: number): number {
  const { best, previous, opposite } = search;
  const width = opposite.x - best.x;
  if (lastMove < least || Math.abs(previous.y) <= Math.abs(best.y)) return width / 2;
  const [numerator, denominator] = previous.x === opposite.x ? line(search) : parabola(search);
  // The numerator is made positive, so that both limits hold for moves up and down.
  const p = Math.abs(numerator);
  const q = numerator > 0 ? -denominator : denominator;
  const inside = p < 0.75 * width * q - Math.abs(least * q) / 2;
  return inside && p < Math.abs((lastMove * q) / 2) ? p / q : width / 2;
}

/** The move as a fraction, against its sign: linear interpolation between two points. */
function line({ best, opposite }: Search): readonly [number, number] {
  const share = best.y / opposite.y;
  return [(opposite.x - best.x) * share, 1 - share];
}

/** The move as a fraction, against its sign: inverse quadratic interpolation through three points. */
function parabola({ best, previous, opposite }: Search): readonly [number, number] {
  const r = previous.y / opposite.y;
  const s = best.y / opposite.y;
  const t = best.y / previous.y;
  const p = t * ((opposite.x - best.x) * r * (r - s) - (best.x - previous.x) * (s - 1));
  return [p, (r - 1) * (s - 1) * (t - 1)];
}
