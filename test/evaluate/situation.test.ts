import { describe, expect, test } from 'vitest';
import { identityOf } from '../../src/evaluate/identity.js';
import { situationOf } from '../../src/evaluate/situation.js';
import { initialStatus, type Status } from '../../src/evaluate/status.js';
import { loadedOf, twoVersions } from '../release-of.js';

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
  return loadedOf(text.replace('weight: 90', `weight: ${100 - weight}`) + evaluated);
}

const identity = identityOf(release(0), 'v2');
const progressing: Status = {
  ...initialStatus,
  phase: 'Progressing',
  primary: 'v1',
  candidate: 'v2',
  identity,
  share: 20,
  startedAt: '2026-01-01T00:00:00.000Z',
  since: '2026-01-01T00:01:00.000Z',
};

describe('situationOf', () => {
  test('is idle without an analysis', () => {
    expect(situationOf(loadedOf(twoVersions('istio', 'blue-green')), initialStatus).kind).toBe('idle');
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

  test('is withdrawn when a person took the candidate out, and idle once that is known', () => {
    expect(situationOf(release(0), progressing).kind).toBe('withdrawn');
    expect(situationOf(release(0), { ...progressing, phase: 'Paused' }).kind).toBe('idle');
    expect(situationOf(release(20), { ...progressing, phase: 'Paused' })).toMatchObject({
      kind: 'adopting',
      share: 20,
    });
  });

  test('is idle while an ended analysis leaves the candidate what it had, and adopts any other share', () => {
    const ended: Status = { ...progressing, phase: 'Terminated' };
    expect(situationOf(release(20), ended).kind).toBe('idle');
    expect(situationOf(release(35), ended)).toMatchObject({ kind: 'adopting', share: 35 });
  });

  test('is overtaken when a person made the candidate the primary', () => {
    const loaded = loadedOf(`${release(20).text}`.replace('  port: 8080', '  port: 8080\n  primary: v2'));
    expect(situationOf(loaded, progressing)).toMatchObject({ kind: 'overtaken', candidate: { name: 'v2' } });
  });

  test.each(['Initializing', 'Paused', 'RolledBack', 'Completed'] as const)(
    'is overtaken when a person made another version the primary in phase %s',
    (phase) => {
      const loaded = loadedOf(release(20).text.replace('  port: 8080', '  port: 8080\n  primary: v2'));
      expect(situationOf(loaded, { ...progressing, phase })).toMatchObject({
        kind: 'overtaken',
        candidate: { name: 'v2' },
      });
    },
  );

  test('adopts what a person wrote back, so that no window from before counts', () => {
    expect(situationOf(release(20), progressing, true)).toMatchObject({ kind: 'adopting', share: 20 });
  });

  test('keeps a version settled when the application changes around it', () => {
    const settled = [{ name: 'v2', identity, outcome: 'rolled back' as const, at: '2026-01-01T00:00:00.000Z' }];
    const text = release(0).text.replace('  port: 8080', '  port: 8081\n  deployment: {spec: {replicas: 2}}');
    expect(situationOf(loadedOf(text), { ...initialStatus, phase: 'RolledBack', settled }).kind).toBe('idle');
  });

  test('adopts a settled version that a person gave traffic', () => {
    const settled = [{ name: 'v2', identity, outcome: 'rolled back' as const, at: '2026-01-01T00:00:00.000Z' }];
    const status: Status = { ...initialStatus, phase: 'RolledBack', settled };
    expect(situationOf(release(10), status)).toMatchObject({ kind: 'adopting', share: 10 });
  });

  test('is idle once the candidate is settled, and entering again when it becomes another one', () => {
    const settled = [{ name: 'v2', identity, outcome: 'rolled back' as const, at: '2026-01-01T00:00:00.000Z' }];
    const status: Status = { ...initialStatus, phase: 'RolledBack', settled };
    expect(situationOf(release(0), status).kind).toBe('idle');
    expect(situationOf(release(0, 'v3'), status).kind).toBe('entering');
  });

  const third = `${twoVersions('istio', 'blue-green')}  - {metadata: {name: v3}, image: registry.example/shop:v3, weight: 0}\n`;

  test('takes the first of those that wait, in the order of the values', () => {
    const text = third.replace('weight: 10', 'weight: 0') + evaluated;
    expect(situationOf(loadedOf(text), initialStatus)).toMatchObject({
      ...{ kind: 'entering', candidate: { name: 'v2' }, queued: ['v3'] },
    });
  });

  test('takes the one that has traffic before those that wait', () => {
    const text = third.replace('weight: 10', 'weight: 0').replace('v3, weight: 0', 'v3, weight: 10') + evaluated;
    expect(situationOf(loadedOf(text), initialStatus)).toMatchObject({
      ...{ kind: 'adopting', candidate: { name: 'v3' }, queued: ['v2'] },
    });
  });

  test('takes two candidates that a person gave traffic from there, both', () => {
    const text = third.replace('weight: 90', 'weight: 80').replace('v3, weight: 0', 'v3, weight: 10') + evaluated;
    expect(situationOf(loadedOf(text), initialStatus)).toMatchObject({
      ...{ kind: 'adopting', candidate: { name: 'v2' }, queued: [] },
    });
  });

  test('says who waits behind an ended analysis that left its candidate what it had', () => {
    const text = third.replace('weight: 10', 'weight: 20').replace('weight: 90', 'weight: 80') + evaluated;
    const ended: Status = { ...progressing, phase: 'Terminated', message: 'Ada ended it' };
    expect(situationOf(loadedOf(text), ended)).toEqual({ kind: 'idle', reason: 'Ada ended it; v3 waits for its turn' });
  });

  test('looks at the next candidate while one is paused', () => {
    const text = third.replace('weight: 10', 'weight: 0') + evaluated;
    expect(situationOf(loadedOf(text), { ...progressing, phase: 'Paused' })).toMatchObject({
      kind: 'entering',
      candidate: { name: 'v3' },
    });
  });

  test('sees a candidate through that is under way while another one waits', () => {
    const text = third.replace('weight: 10', 'weight: 20').replace('weight: 90', 'weight: 80') + evaluated;
    expect(situationOf(loadedOf(text), progressing)).toMatchObject({ kind: 'progressing', candidate: { name: 'v2' } });
  });
});
