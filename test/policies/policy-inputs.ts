import fc from 'fast-check';
import type { Assessment, Outcome, Verdict } from '../../src/release/judge.js';
import type { Moves, PolicyInput, Rollout } from '../../src/release/policy.js';
import { policyInput } from './policy-input.js';
import { inputOn, verdictOn } from './several.js';

/** Versions beside the baseline v1, any number of them. */
const candidatesOf = fc
  .integer({ min: 1, max: 4 })
  .map((count) => Array.from({ length: count }, (_, i) => `v${i + 2}`));

const percent = fc.integer({ min: 1, max: 100 });
const perhaps = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

/** Any rollout, whatever the policy reads of it; steps rise and do not pause unless asked for. */
export function rollouts({ pauses }: { readonly pauses: boolean }): fc.Arbitrary<Rollout> {
  const step = fc.record({
    share: percent,
    duration: fc.integer({ min: 0, max: 3600 }),
    pause: pauses ? fc.boolean() : fc.constant(false),
  });
  return fc.record({
    policy: fc.constant('any'),
    steps: fc
      .uniqueArray(step, { selector: ({ share }) => share, minLength: 1, maxLength: 4 })
      .map((all) => all.toSorted((a, b) => a.share - b.share)),
    entryShare: perhaps(percent),
    maxIncrement: perhaps(percent),
    maxCandidateWeight: perhaps(percent),
    onTermination: fc.constantFrom('to-winner', 'to-baseline', 'keep-last'),
    onInconclusive: fc.constantFrom('hold', 'rollback', 'promote'),
  });
}

const outcomes: fc.Arbitrary<Outcome> = fc.constantFrom('pass', 'marginal', 'fail', 'inconclusive');

const assessments: fc.Arbitrary<readonly Assessment[]> = fc.array(
  fc.record({
    metric: fc.constant('error-rate'),
    classification: fc.constantFrom('pass', 'pass', 'pass', 'high', 'nodata', 'error'),
    value: fc.constant(0),
    baseline: fc.constant(0),
    limit: fc.constant(0.01),
  }),
  { maxLength: 2 },
);

const exposures = fc.record({
  excess: fc.double({ min: 0, max: 5_000, noNaN: true }),
  atMost: fc.double({ min: 0, max: 1, noNaN: true }),
});

/** Verdicts that hold together: ranks come from draws, and the baseline wins only where nothing else was concluded. */
export function verdicts(candidates: readonly string[]): fc.Arbitrary<Verdict> {
  const said = candidates.map((candidate) => {
    const one = fc.record({ outcome: outcomes, assessments, exposure: perhaps(exposures) });
    return one.map((each) => [candidate, each] as const);
  });
  const order = fc.shuffledSubarray(['v1', ...candidates], { minLength: candidates.length + 1 });
  const draws = perhaps(fc.array(order, { minLength: 1, maxLength: 6 }));
  return fc.tuple(fc.tuple(...said), draws, fc.boolean()).map(([each, drawn, baselineWins]) => {
    const verdict = verdictOn(Object.fromEntries(each), drawn === undefined ? {} : { ranks: ranksOf(drawn) });
    return verdict.outcome === 'marginal' && baselineWins ? { ...verdict, winner: 'v1' } : verdict;
  });
}

function ranksOf(draws: readonly (readonly string[])[]): Verdict['ranks'] {
  const versions = draws[0] ?? [];
  const upTo = (version: string, depth: number) =>
    draws.filter((draw) => draw.indexOf(version) < depth).length / draws.length;
  return Object.fromEntries(versions.map((version) => [version, versions.map((_, i) => upTo(version, i + 1))]));
}

function sharesOf(candidates: readonly string[], moves: Moves): fc.Arbitrary<PolicyInput['shares']> {
  const one = moves === 'nothing' ? fc.constantFrom(0, 100) : fc.integer({ min: 0, max: 100 });
  return fc.tuple(...candidates.map(() => one)).map((all) => {
    const sum = all.reduce((total, share) => total + share, 0);
    const scale = moves === 'shares' && sum > 100 ? 100 / sum : 1;
    return Object.fromEntries(candidates.map((candidate, i) => [candidate, Math.floor((all[i] ?? 0) * scale)]));
  });
}

/** Anything that a policy may be asked. */
export function policyInputs(options: { readonly pauses: boolean }): fc.Arbitrary<PolicyInput> {
  const moves = fc.constantFrom<Moves>('shares', 'shares', 'copies', 'nothing');
  return fc.tuple(candidatesOf, moves, rollouts(options)).chain(([candidates, moved, rollout]) =>
    fc
      .record({
        verdict: verdicts(candidates),
        shares: sharesOf(candidates, moved),
        minDuration: fc.constantFrom(0, 900),
        elapsed: fc.constantFrom(0, 600, 900, 3600, 3601, 9000),
        settled: fc.constantFrom(0, 600, 9000),
        traffic: perhaps(fc.integer({ min: 0, max: 100_000 })),
      })
      .map(({ verdict, minDuration, ...rest }) => {
        const analysis = { ...policyInput('pass').analysis, minDuration };
        return inputOn(verdict, { ...rest, candidates, rollout, moves: moved, analysis });
      }),
  );
}
