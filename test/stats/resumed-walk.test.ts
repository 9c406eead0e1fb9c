import { describe, expect, test } from 'vitest';
import { type CountRow, nonInferiorityBets } from '../../src/stats/count-bet.js';
import { gainsOf, onsetEvidence, steadyEvidence } from '../../src/stats/count-e-process.js';
import { leastExcludedDifference } from '../../src/stats/count-intervals.js';
import { seededRandom } from '../../src/stats/random-draws.js';
import { ResumedWalks, type Walk } from '../../src/stats/resumed-walk.js';

const bound = { ratio: 1.1, difference: 0.002 };
const options = { bets: nonInferiorityBets, overdispersion: 0.1, autocorrelation: 0.5 };

/** Notes what it goes through. */
class Notes implements Walk {
  readonly seen: number[] = [];

  next({ treatment }: CountRow): void {
    if (treatment.e < 0) throw new Error('too few');
    this.seen.push(treatment.e);
  }
}

function rowsOf(...errors: readonly number[]): CountRow[] {
  return errors.map((e) => ({ control: { n: 1000, e: 5 }, treatment: { n: 100, e } }));
}

describe('a resumed walk', () => {
  const walks = () => new ResumedWalks(() => new Notes());

  test('goes on where it was, through rows with the same numbers', () => {
    const of = walks();
    const first = of.through(rowsOf(1, 2), bound, options);
    const second = of.through(rowsOf(1, 2, 3), { ...bound }, { ...options });
    expect(second).toBe(first);
    expect(second.seen).toEqual([1, 2, 3]);
    expect(of.through(rowsOf(1, 2, 3), bound, options)).toBe(first);
  });

  test.each([
    ['another number', rowsOf(1, 3, 4), bound, options],
    ['another control', [{ ...rowsOf(1)[0], control: undefined } as CountRow, ...rowsOf(2, 3)], bound, options],
    ['fewer rows', rowsOf(1), bound, options],
    ['another bound', rowsOf(1, 2, 3), { ...bound, ratio: 1 }, options],
    ['another overdispersion', rowsOf(1, 2, 3), bound, { ...options, overdispersion: 0.2 }],
    ['no autocorrelation', rowsOf(1, 2, 3), bound, { ...options, autocorrelation: undefined }],
  ])('begins anew with %s', (_, rows, otherBound, otherOptions) => {
    const of = walks();
    const first = of.through(rowsOf(1, 2), bound, options);
    const second = of.through(rows, otherBound, otherOptions);
    expect(second).not.toBe(first);
    expect(second.seen).toEqual(rows.map(({ treatment }) => treatment.e));
    expect(first.seen).toEqual([1, 2]);
  });

  test('is forgotten once a row stopped it halfway', () => {
    const of = walks();
    of.through(rowsOf(1), bound, options);
    expect(() => of.through(rowsOf(1, 2, -1), bound, options)).toThrow('too few');
    expect(of.through(rowsOf(1, 5), bound, options).seen).toEqual([1, 5]);
  });

  test('does not see what is added to the rows it was given', () => {
    const of = walks();
    const rows = rowsOf(1, 2);
    of.through(rows, bound, options);
    rows.push(...rowsOf(3));
    expect(of.through(rows, bound, options).seen).toEqual([1, 2, 3]);
  });
});

describe('evidence after every window', () => {
  const random = seededRandom(5);
  const some = (n: number, share: number) => ({ n, e: Math.floor(n * share * 2 * random()) });
  const rows = Array.from({ length: 40 }, (): CountRow => ({ control: some(900, 0.01), treatment: some(150, 0.02) }));

  /** The newest window last, and all that other releases look at between. */
  function lookAfterEach<Answer>(ask: (rows: readonly CountRow[]) => Answer): Answer[] {
    return rows.map((_, t) => {
      ask(rows.slice(0, t + 1).reverse());
      return ask(rows.slice(0, t + 1));
    });
  }

  test('is to the last digit what one look at all of them finds', () => {
    const all = onsetEvidence([...rows], bound, { ...options, bets: { ...nonInferiorityBets } });
    const looks = lookAfterEach((seen) => onsetEvidence(seen, bound, options));
    looks.forEach((look, t) => {
      expect([...look]).toEqual([...all.slice(0, t + 1)]);
    });
    const gains = lookAfterEach((seen) => gainsOf(seen, bound, options)).at(-1) ?? [];
    expect([...gains]).toEqual([...gainsOf(rows, bound, { ...options, bets: { ...nonInferiorityBets } })]);
    expect(steadyEvidence(rows, bound, options)).toHaveLength(40);
  });

  test('leaves what it returned as it was', () => {
    const first = gainsOf(rows.slice(0, 10), bound, options);
    const kept = [...first];
    gainsOf(rows, bound, options);
    expect([...first]).toEqual(kept);
  });

  test('excludes the same differences, however often it was looked at', () => {
    const asked = { overdispersion: 0.1, needed: 2 };
    const looks = lookAfterEach((seen) => leastExcludedDifference(seen, asked));
    // Other counts of the same rows, so that nothing is remembered of them.
    const alone = leastExcludedDifference([{ control: { n: 0, e: 0 }, treatment: { n: 0, e: 0 } }, ...rows], asked);
    expect(looks.at(-1)).toBe(alone);
  });
});
