import * as z from 'zod';
import type { CaseAnswer, CheckCase } from '../release/judge.js';
import type { CountRow } from '../stats/count-bet.js';
import { countEProcess } from '../stats/count-e-process.js';
import { differenceInterval, ratioInterval } from '../stats/count-intervals.js';
import { caseCount, caseId } from './case-id.js';

const amount = z.number().min(0);

const Count = z
  .strictObject({ n: caseCount.nullable(), e: caseCount.nullable() })
  .refine(
    ({ n, e }) => n === null || e === null || e <= n,
    'has more bad events e than requests n: give e of at most n',
  )
  .nullable();

const Bound = z.strictObject({ ratio: amount, difference: amount });

const SequentialCase = z.strictObject({
  ...caseId,
  rows: z.array(z.strictObject({ baseline: Count, candidate: Count })),
  harm: Bound,
  nonInferiority: Bound,
  overdispersion: amount.default(0),
});

/** Answers with the evidence after every row, and the intervals at 95 % that hold at every look. */
export function answerSequentialCase(check: CheckCase): CaseAnswer {
  const { id, rows: given, ...test } = check(SequentialCase);
  const rows = given.map(({ baseline, candidate }): CountRow => {
    return { control: countOf(baseline), treatment: countOf(candidate) ?? { n: 0, e: 0 } };
  });
  const { harm, nonInferiority } = countEProcess(rows, test);
  const looks = rows.map((_row, t) => ({ harmLogE: harm[t] ?? 0, nonInferiorityLogE: nonInferiority[t] ?? 0 }));
  const ratio = ratioInterval(rows, test);
  const difference = differenceInterval(rows, test);
  return {
    json: { id, looks, ratio, difference },
    sentence: sentenceOf({ looks, ratio, difference }),
    table: [
      ['look', 'ln E of harm', 'ln E of no harm'],
      ...looks.map(({ harmLogE, nonInferiorityLogE }, t) => [`${t + 1}`, show(harmLogE), show(nonInferiorityLogE)]),
    ],
  };
}

function countOf(count: z.output<typeof Count>): { readonly n: number; readonly e: number } | undefined {
  return count === null || count.n === null || count.e === null ? undefined : { n: count.n, e: count.e };
}

interface Found {
  readonly looks: readonly { readonly harmLogE: number; readonly nonInferiorityLogE: number }[];
  readonly ratio: readonly [number, number];
  readonly difference: readonly [number, number];
}

function sentenceOf({ looks, ratio, difference }: Found): string {
  const last = looks.at(-1);
  if (last === undefined) return 'no row, no evidence';
  const evidence = `harm ${show(last.harmLogE)}, no harm ${show(last.nonInferiorityLogE)}`;
  const between = ([low, high]: readonly [number, number]) => `${show(low)} to ${show(high)}`;
  return `ln E after ${looks.length} looks: ${evidence}; ratio ${between(ratio)}, difference ${between(difference)}`;
}

function show(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(4))) : value > 0 ? '∞' : '−∞';
}
