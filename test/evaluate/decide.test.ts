import { describe, expect, test } from 'vitest';
import { decide, pendingOf, subjectsFor, windowsFor } from '../../src/evaluate/decide.js';
import { identityOf } from '../../src/evaluate/identity.js';
import { initialStatus, type Status } from '../../src/evaluate/status.js';
import type { SampleAnswer } from '../../src/release/evaluation.js';
import type { JudgeInput } from '../../src/release/judge.js';
import { loadedOf, twoVersions } from '../release-of.js';
import { verdict } from './phase-world.js';

const three = `${twoVersions('istio', 'blue-green').replace('weight: 90', 'weight: 85')}  - {metadata: {name: v3}, image: registry.example/shop:v3, weight: 5}
analysis:
  interval: 60s
  judge: sequential
  objectives: [{metric: error-rate, upperLimit: 0.01}]
`;

const loaded = loadedOf(three);
const iso = (minute: number) => new Date(minute * 60_000).toISOString();
const clock = { now: 605, delay: 5 };

/** v2 is under analysis since minute 2, v3 since minute 6. */
const status: Status = {
  ...initialStatus,
  ...{ phase: 'Progressing', iteration: 2, primary: 'v1', primaryIdentity: identityOf(loaded, 'v1') },
  ...{ candidate: 'v2', identity: identityOf(loaded, 'v2'), share: 10, startedAt: iso(2), since: iso(6) },
  others: [{ name: 'v3', identity: identityOf(loaded, 'v3'), share: 5, startedAt: iso(6) }],
};

const answer: SampleAnswer = {
  sample: () => ({ requests: 100, errors: 0, latencySum: 100 }),
  warnings: [],
  queries: ['q'],
};

function pending(given: Status = status) {
  const found = pendingOf({ id: 'shop', loaded, status: given }, undefined);
  if (found === undefined) throw new Error('no analysis');
  return found;
}

describe('decide()', () => {
  test('asks for the windows since the first candidate entered, and for everybody', () => {
    expect(windowsFor(pending(), clock)).toEqual({ interval: 60, firstEnd: 180, lastEnd: 600 });
    expect(Object.keys(subjectsFor(pending()))).toEqual(['v1', 'v2', 'v3']);
  });

  test('tells the judge of a candidate only from its own entry on', () => {
    let asked: JudgeInput | undefined;
    const verdictOf = (input: JudgeInput) => {
      asked = input;
      return verdict({ v2: 'inconclusive', v3: 'inconclusive' });
    };
    decide({ ...pending(), verdictOf }, answer, clock);
    const rows = asked?.ledger.rows ?? [];
    const told = (name: string) =>
      rows.filter(({ versions }) => 'requests' in (versions[name] ?? {})).map(({ end }) => end);
    expect(told('v2')).toEqual([180, 240, 300, 360, 420, 480, 540, 600]);
    expect(told('v3')).toEqual([420, 480, 540, 600]);
    expect(asked).toMatchObject({
      baseline: 'v1',
      candidates: ['v2', 'v3'],
      declared: { shares: { v1: 85, v2: 10, v3: 5 } },
    });
  });

  test('rolls one of several back by the verdict on itself', () => {
    const mixed = verdict({ v2: 'fail', v3: 'pass' });
    expect(mixed.outcome).toBe('pass');
    const decision = decide({ ...pending(), verdictOf: () => mixed }, answer, clock);
    expect(decision).toMatchObject({ kind: 'roll back', candidate: 'v2' });
    expect(decision.evidence?.verdict).toMatchObject({ outcome: 'fail', sentence: mixed.standings[0]?.sentence });
    expect(decision.change?.status.verdict).toBe('fail');
  });

  test('judges a promotion that is watched beside the version before', () => {
    const { promotedTo, before } = { promotedTo: 'v1', before: 'v2' };
    const settled = [{ name: before, identity: identityOf(loaded, before), outcome: 'replaced', at: iso(5) }] as const;
    const watched: Status = {
      ...initialStatus,
      ...{ phase: 'Promoting', primary: promotedTo, primaryIdentity: identityOf(loaded, promotedTo), former: before },
      ...{ candidate: promotedTo, identity: identityOf(loaded, promotedTo), startedAt: iso(2), since: iso(6) },
      settled: [...settled, { ...settled[0], name: 'v3', identity: identityOf(loaded, 'v3'), outcome: 'lost' }],
    };
    const out = loadedOf(
      three.replace('weight: 10', 'weight: 0').replace('weight: 85', 'weight: 100').replace('weight: 5}', 'weight: 0}'),
    );
    const found = pendingOf({ id: 'shop', loaded: out, status: watched }, undefined);
    expect(found?.contest).toEqual({ baseline: 'v2', candidates: [{ name: 'v1', startedAt: 120 }] });
  });
});
