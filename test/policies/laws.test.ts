import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { policies } from '../../src/policies/registry.js';
import type { Outcome } from '../../src/release/judge.js';
import type { Move, Policy, PolicyInput, Shares } from '../../src/release/policy.js';
import { policyInputs, verdicts } from './policy-inputs.js';

const all: readonly Policy[] = Object.values(policies);

/** Those whose shares come of largest remainders, and grow by increments. */
const byIncrement = all.filter(({ reads }) => reads.includes('maxIncrement'));

/** Holds a law for everything that a policy may be asked. */
function always(law: (input: PolicyInput) => void, pauses = true): void {
  fc.assert(fc.property(policyInputs({ pauses }), law), { numRuns: 1_000 });
}

function sharesAfter(move: Move, { shares }: PolicyInput): Shares {
  return move.kind === 'advance' ? move.shares : shares;
}

function outcomeOf({ verdict }: PolicyInput, candidate: string): Outcome | undefined {
  return verdict.standings.find(({ version }) => version === candidate)?.outcome;
}

/** How much everybody gains by a move. */
function gains(move: Move, input: PolicyInput): { candidate: string; now: number; next: number }[] {
  const next = sharesAfter(move, input);
  return input.candidates.map((candidate) => {
    return { candidate, now: input.shares[candidate] ?? 0, next: next[candidate] ?? 0 };
  });
}

function isOver({ elapsed, analysis }: PolicyInput): boolean {
  return elapsed > analysis.maxDuration;
}

function hasEnded(move: Move): boolean {
  return move.kind === 'promote' || move.kind === 'roll back' || (move.kind === 'hold' && move.ended !== undefined);
}

describe.each(all)('$id', (policy) => {
  test('decide() gives whole percents that leave the baseline the rest of 100', () => {
    always((input) => {
      const next = gains(policy.decide(input), input).map((gain) => gain.next);
      expect(next.every((share) => Number.isInteger(share) && share >= 0 && share <= 100)).toBe(true);
      if (input.moves === 'shares') expect(next.reduce((sum, share) => sum + share, 0)).toBeLessThanOrEqual(100);
    });
  });

  test('decide() raises nobody above what the route has room for', () => {
    always((input) => {
      for (const { now, next } of gains(policy.decide({ ...input, most: 33 }), { ...input, most: 33 })) {
        if (next > now) expect(next).toBeLessThanOrEqual(33);
      }
    });
  });

  test('decide() is deterministic, and advances only where something changes', () => {
    always((input) => {
      const move = policy.decide(input);
      expect(policy.decide(structuredClone(input))).toEqual(move);
      if (move.kind === 'advance') expect(gains(move, input).some(({ now, next }) => now !== next)).toBe(true);
    });
  });

  test('decide() does not depend on the order of the candidates, but for a percent of a tie', () => {
    always((input) => {
      // Of several that keep everything when the time is up, the last one of the values is promoted.
      fc.pre(!(isOver(input) && input.rollout.onInconclusive === 'promote'));
      const { verdict, candidates } = input;
      const turned = {
        ...input,
        candidates: candidates.toReversed(),
        verdict: { ...verdict, standings: verdict.standings.toReversed() },
      };
      const [one, other] = [policy.decide(input), policy.decide(turned)];
      if (hasEnded(one) || hasEnded(other)) expect(other.kind).toBe(one.kind);
      const tie = byIncrement.includes(policy) ? 1 : 0;
      for (const { candidate, next } of gains(one, input)) {
        expect(Math.abs((sharesAfter(other, turned)[candidate] ?? 0) - next)).toBeLessThanOrEqual(tie);
      }
    });
  });

  test('decide() raises nobody above the entry share before a first verdict', () => {
    always((input) => {
      const standings = input.verdict.standings.map(({ version, sentence }) => {
        return { version, sentence, outcome: 'inconclusive', assessments: [] } as const;
      });
      const verdict = { outcome: 'inconclusive', sentence: '', standings, winner: undefined } as const;
      const entry = policy.entryShare(input.rollout, input.traffic);
      for (const { now, next } of gains(policy.decide({ ...input, verdict }), input)) {
        expect(next).toBeLessThanOrEqual(Math.max(now, entry));
      }
    });
  });

  test('decide() lets nobody in', () => {
    always((input) => {
      for (const { now, next } of gains(policy.decide(input), input)) if (now === 0) expect(next).toBe(0);
    });
  });

  test('decide() never promotes, raises or keeps what has failed', () => {
    always((input) => {
      const move = policy.decide(input);
      if (input.verdict.outcome === 'fail') expect(move.kind).toBe('roll back');
      if (move.kind === 'promote') expect(outcomeOf(input, move.version)).not.toBe('fail');
      for (const { candidate, now, next } of gains(move, input)) {
        if (outcomeOf(input, candidate) !== 'fail') continue;
        expect(next).toBe(move.kind === 'roll back' ? now : 0);
      }
    });
  });

  test('decide() promotes a winner after minDuration, else only what keeps every objective as the rollout asks', () => {
    always((input) => {
      const move = policy.decide(input);
      if (move.kind !== 'promote') return;
      expect(input.elapsed).toBeGreaterThanOrEqual(input.analysis.minDuration);
      expect(input.shares[move.version]).toBeGreaterThan(0);
      if (outcomeOf(input, move.version) === 'pass' && input.verdict.winner === move.version) {
        expect(input.rollout.onTermination).toBe('to-winner');
        return;
      }
      const standing = input.verdict.standings.find(({ version }) => version === move.version);
      expect(input.rollout.onInconclusive).toBe('promote');
      expect(isOver(input)).toBe(true);
      expect(standing?.assessments).not.toEqual([]);
      expect(standing?.assessments.every(({ classification }) => classification === 'pass')).toBe(true);
    });
  });

  test('decide() moves nobody where requests go by match alone, but takes out who has failed', () => {
    always((input) => {
      const move = policy.decide({ ...input, moves: 'nothing' });
      for (const { candidate, now, next } of gains(move, input)) {
        if (next !== now) expect({ next, outcome: outcomeOf(input, candidate) }).toEqual({ next: 0, outcome: 'fail' });
      }
    });
  });

  test('decide() chooses only what it says that it reaches', () => {
    always((input) => {
      const reached = policy.reaches(input.rollout, input.candidates.length);
      expect(reached).toEqual(reached.toSorted((a, b) => a - b));
      expect(reached).toContain(policy.entryShare(input.rollout, input.traffic));
      const chosen = gains(policy.decide(input), input).filter(({ now, next }) => next !== now && next > 0);
      for (const { next } of chosen) expect(reached).toContain(next);
    });
  });

  test('decide() ends once the time is up, whatever the judge says from then on', () => {
    const runs = policyInputs({ pauses: false }).chain((input) =>
      fc.tuple(fc.constant(input), fc.array(verdicts(input.candidates), { minLength: 1, maxLength: 5 })),
    );
    const law = ([first, said]: [PolicyInput, readonly PolicyInput['verdict'][]]) => {
      let input = { ...first, elapsed: 3601, settled: 3601 };
      for (let look = 0; look < 40; look++) {
        const move = policy.decide(input);
        if (hasEnded(move)) return;
        expect(move.kind).toBe('advance');
        input = { ...input, shares: sharesAfter(move, input), verdict: said[look % said.length] ?? input.verdict };
      }
      expect.unreachable('40 looks after the time is up');
    };
    fc.assert(fc.property(runs, law), { numRuns: 500 });
  });
});

describe.each(byIncrement)('$id, by increments', (policy) => {
  test('decide() never adds more than maxIncrement, nor above maxCandidateWeight', () => {
    always((input) => {
      const { maxIncrement = 2, maxCandidateWeight = 100 } = input.rollout;
      for (const { now, next } of gains(policy.decide(input), input)) {
        expect(next - now).toBeLessThanOrEqual(maxIncrement);
        if (next > now) expect(next).toBeLessThanOrEqual(maxCandidateWeight);
      }
    });
  });
});
