import type { Bets, Bound, CountRow } from './count-bet.js';
import type { Noise } from './pod-noise.js';

/** What rows are tested with. */
export interface WalkOptions extends Noise {
  readonly bets: Bets;
}

/** Goes through rows, each once, from the first on. */
export interface Walk {
  next(row: CountRow): void;
}

interface Kept<Each> extends WalkOptions {
  readonly bound: Bound;
  readonly rows: readonly CountRow[];
  readonly walk: Each;
}

/** More than one judgement usually has tests. */
const MOST = 16;

/**
 * Remembers the newest walks, so that whoever looks after every window goes through each row once: a walk through the
 * same rows with some more goes on where it was. Rows are compared by their numbers, so what comes out depends on them
 * alone, and is the same to the last digit.
 */
export class ResumedWalks<Each extends Walk> {
  readonly #begin: (bound: Bound, options: WalkOptions) => Each;
  /** Oldest first. */
  readonly #kept: Kept<Each>[] = [];

  constructor(begin: (bound: Bound, options: WalkOptions) => Each) {
    this.#begin = begin;
  }

  /** Returns a walk that has gone through these rows; read it before the next is asked for. */
  through(rows: readonly CountRow[], bound: Bound, options: WalkOptions): Each {
    const found = this.#taken(rows, bound, options);
    const walk = found?.walk ?? this.#begin(bound, options);
    for (let t = found?.rows.length ?? 0; t < rows.length; t += 1) walk.next(rows[t] as CountRow);
    // Only now: one that a row stopped halfway is not remembered.
    const { bets, overdispersion, autocorrelation } = options;
    this.#kept.push({ bound, bets, overdispersion, autocorrelation, rows: [...rows], walk });
    if (this.#kept.length > MOST) this.#kept.shift();
    return walk;
  }

  #taken(rows: readonly CountRow[], bound: Bound, options: WalkOptions): Kept<Each> | undefined {
    const at = this.#kept.findLastIndex((kept) => isAlike(kept, bound, options) && isBeginning(kept.rows, rows));
    return at < 0 ? undefined : this.#kept.splice(at, 1)[0];
  }
}

function isAlike(kept: Kept<Walk>, bound: Bound, { bets, overdispersion, autocorrelation }: WalkOptions): boolean {
  return (
    kept.bets === bets &&
    kept.overdispersion === overdispersion &&
    kept.autocorrelation === autocorrelation &&
    kept.bound.ratio === bound.ratio &&
    kept.bound.difference === bound.difference
  );
}

function isBeginning(some: readonly CountRow[], rows: readonly CountRow[]): boolean {
  if (some.length > rows.length) return false;
  for (let t = 0; t < some.length; t += 1) {
    const [one, other] = [some[t] as CountRow, rows[t] as CountRow];
    const { control, treatment } = other;
    if (one.treatment.n !== treatment.n || one.treatment.e !== treatment.e) return false;
    if (one.control?.n !== control?.n || one.control?.e !== control?.e) return false;
  }
  return true;
}
