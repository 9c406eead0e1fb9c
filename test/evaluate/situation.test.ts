import { describe, expect, test } from 'vitest';
import { identityOf } from '../../src/evaluate/identity.js';
import { situationOf } from '../../src/evaluate/situation.js';
import { initialStatus, type Status } from '../../src/evaluate/status.js';
import { releaseOf, twoVersions } from '../release-of.js';

const evaluated = `analysis:
  interval: 60s
  judge: threshold
  objectives: [{metric: error-rate, upperLimit: 0.01}]
rollout: {policy: steps, steps: [5, 20, 50]}
`;

function release(weight: number, image = 'v2') {
  const text = twoVersions('istio', 'blue-green')
    .replace('weight: 10', `weight: ${weight}`)
    .replace('shop:v2', `shop:${image}`);
  return releaseOf(text.replace('weight: 90', `weight: ${100 - weight}`) + evaluated);
}

const candidate = release(0).model.versions[1];
const identity = candidate ? identityOf(candidate) : '';
const progressing: Status = {
  ...initialStatus,
  phase: 'Progressing',
  candidate: 'v2',
  identity,
  share: 20,
  startedAt: '2026-01-01T00:00:00.000Z',
  since: '2026-01-01T00:01:00.000Z',
};

describe('situationOf', () => {
  test('is idle without an analysis', () => {
    expect(situationOf(releaseOf(twoVersions('istio', 'blue-green')), initialStatus).kind).toBe('idle');
  });

  test('is entering while the candidate gets nothing', () => {
    expect(situationOf(release(0), initialStatus)).toMatchObject({ kind: 'entering', candidate: { name: 'v2' } });
  });

  test('adopts a share that a person gave', () => {
    expect(situationOf(release(20), initialStatus)).toMatchObject({ kind: 'adopting', share: 20 });
    expect(situationOf(release(35), progressing)).toMatchObject({ kind: 'adopting', share: 35 });
  });

  test('is progressing at the share of the last decision', () => {
    const since = Date.UTC(2026, 0, 1, 0, 1) / 1000;
    expect(situationOf(release(20), progressing)).toMatchObject({ kind: 'progressing', share: 20, since });
  });

  test('is changed when the routed candidate became another one', () => {
    expect(situationOf(release(20, 'v3'), progressing).kind).toBe('changed');
  });

  test('is idle after a person took the candidate out: it is not let in again behind their back', () => {
    expect(situationOf(release(0), progressing)).toMatchObject({
      kind: 'idle',
      reason: expect.stringContaining('a person took v2 out'),
    });
  });

  test('is idle once the candidate is settled, and entering again when it becomes another one', () => {
    const settled = [{ name: 'v2', identity, outcome: 'rolled back' as const, at: '2026-01-01T00:00:00.000Z' }];
    const status: Status = { ...initialStatus, phase: 'RolledBack', settled };
    expect(situationOf(release(0), status).kind).toBe('idle');
    expect(situationOf(release(0, 'v3'), status).kind).toBe('entering');
  });

  test('refuses two candidates and names them', () => {
    const text = twoVersions('istio', 'blue-green', ['', '- {metadata: {name: v3}, image: registry.example/shop:v3}']);
    const third = text.replace('    - {metadata', '  - {metadata');
    expect(() => situationOf(releaseOf(third + evaluated), initialStatus)).toThrow(
      'with one candidate at a time: v2, v3',
    );
  });
});
