import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide, pendingOf, windowsFor } from '../../src/evaluate/decide.js';
import { evidenceWindows } from '../../src/evaluate/evidence-windows.js';
import { identityOf } from '../../src/evaluate/identity.js';
import { windowsSince } from '../../src/evaluate/ledger.js';
import { initialStatus, type Status } from '../../src/evaluate/status.js';
import { lookAt } from '../../src/judges/kayenta/look-at.js';
import { type JudgeId, judges } from '../../src/judges/registry.js';
import type { Sample, SampleAnswer } from '../../src/release/evaluation.js';
import type { JudgeInput } from '../../src/release/judge.js';
import { loadedOf, refusalsOf, twoVersions } from '../release-of.js';
import { verdict } from './phase-world.js';

const iso = (seconds: number) => new Date(seconds * 1000).toISOString();

/** v2 entered at minute 2; the windows since are asked for at a minute. */
function pendingAt(analysis: string, more: Partial<Status> = {}) {
  const loaded = loadedOf(`${twoVersions('istio', 'blue-green')}analysis:\n  interval: 60s\n${analysis}`);
  const status: Status = {
    ...initialStatus,
    ...{ phase: 'Progressing', iteration: 1, primary: 'v1', primaryIdentity: identityOf(loaded, 'v1') },
    ...{ candidate: 'v2', identity: identityOf(loaded, 'v2'), share: 10, startedAt: iso(120), since: iso(120) },
    ...more,
  };
  const found = pendingOf({ id: 'shop', loaded, status }, undefined);
  if (found === undefined) throw new Error('no analysis');
  return found;
}

const at = (minute: number) => ({ now: minute * 60 + 5, delay: 5 });
const sequential = '  objectives: [{metric: error-rate, upperLimit: 0.01}]\n';
const threshold = `  judge: threshold\n${sequential}`;

describe('analysis.warmUp', () => {
  test('asks for no window before its end, whatever the judge', () => {
    for (const text of [sequential, threshold]) {
      const pending = pendingAt(`  warmUp: 5m\n${text}`);
      expect(windowsFor(pending, at(7))).toBeUndefined();
      expect(windowsFor(pending, at(8))).toEqual({ interval: 60, firstEnd: 480, lastEnd: 480 });
      expect(windowsFor(pending, at(12))).toEqual({ interval: 60, firstEnd: 480, lastEnd: 720 });
    }
  });

  test('says when the first window is complete', () => {
    const pending = { ...pendingAt(`  warmUp: 90s\n${sequential}`), verdictOf: () => verdict({ v2: 'pass' }) };
    const { reason } = decide(pending, undefined, at(3));
    expect(reason).toContain(`the first window is complete at ${iso(305).slice(0, 19)}`);
  });

  test('counts the durations of the analysis from its end', () => {
    const due: (number | undefined)[] = [];
    const verdictOf = (input: JudgeInput) => {
      due.push(input.due);
      return verdict({ v2: 'inconclusive' });
    };
    const text = `  warmUp: 10m\n  minDuration: 5m\n  maxDuration: 20m\n${sequential}`;
    const decideAt = (minute: number) =>
      decide(
        { ...pendingAt(text), verdictOf },
        answerOf(() => healthy),
        at(minute),
      );
    expect(decideAt(31).reason).not.toContain('the time is up');
    expect(decideAt(33).reason).toContain('the time is up');
    expect(due).toEqual([undefined, 32 * 60]);
  });

  test('is not there again where the primary changes, and is not cut short by that', () => {
    const changedAt = (minute: number, warmUp: string) => {
      const text = `  warmUp: ${warmUp}\n${sequential}`;
      const pending = { ...pendingAt(text, { primaryIdentity: 'another' }), verdictOf: () => verdict({}) };
      const { change } = decide(pending, undefined, at(minute));
      return pendingAt(text, change?.status);
    };
    const late = changedAt(30, '15m');
    expect(late.state).toMatchObject({ phase: 'Paused', since: 31 * 60 });
    expect(windowsFor(late, at(31))).toBeUndefined();
    expect(windowsFor(late, at(32))).toEqual({ interval: 60, firstEnd: 32 * 60, lastEnd: 32 * 60 });
    const early = changedAt(5, '15m');
    expect(windowsFor(early, at(17))).toBeUndefined();
    expect(windowsFor(early, at(18))).toEqual({ interval: 60, firstEnd: 18 * 60, lastEnd: 18 * 60 });
  });

  test('whatever happens while it lasts never changes a verdict', async () => {
    const loads = Object.values(judges).map(async ({ id, load }) => [id, await load()] as const);
    const all = new Map<string, Awaited<ReturnType<(typeof judges)[JudgeId]['load']>>>(await Promise.all(loads));
    const window = fc.record({ errors: fc.integer({ min: 0, max: 100 }), latency: fc.integer({ min: 1, max: 500 }) });
    fc.assert(
      fc.property(
        fc.constantFrom(...all.keys()),
        fc.array(window, { minLength: 5, maxLength: 5 }),
        fc.integer({ min: 8, max: 40 }),
        (judge, early, minute) => {
          const objective = judge === 'kayenta' ? '{metric: error-rate}' : '{metric: error-rate, upperLimit: 0.02}';
          const more = judge === 'kayenta' ? '  kayenta: {windows: 10}\n' : '';
          const text = `  warmUp: 5m\n  judge: ${judge}\n${more}  objectives: [${objective}]\n`;
          const decideWith = (sampleAt: (end: number) => Sample) => {
            const verdictOf = all.get(judge);
            if (verdictOf === undefined) throw new Error('no judge');
            return decide({ ...pendingAt(text), verdictOf }, answerOf(sampleAt), at(minute));
          };
          const bad = (end: number): Sample => {
            const { errors = 0, latency = 1 } = early[Math.floor(end / 60) - 3] ?? {};
            return end <= 420 ? { requests: 100, errors, latencySum: 100 * latency } : later(end);
          };
          expect(decideWith(bad)).toEqual(decideWith(later));
        },
      ),
      { numRuns: 60 },
    );
  });
});

const healthy: Sample = { requests: 1000, errors: 1, latencySum: 20_000 };
const later = (end: number): Sample => ({ ...healthy, errors: (end / 60) % 4, latencySum: 20_000 + (end % 7) * 100 });

function answerOf(sampleAt: (end: number) => Sample): SampleAnswer {
  return { sample: (_, end) => sampleAt(end), warnings: [], queries: ['q'] };
}

describe('rollout.onNoData', () => {
  const silentFrom = (minute: number): SampleAnswer => ({
    ...answerOf(() => healthy),
    sample: ({ version }, end) => (version === 'v2' && end > minute * 60 ? { missing: 'no requests' } : healthy),
  });
  const verdictOf = () => verdict({ v2: 'inconclusive' });
  const rollout = 'rollout: {onNoData: {hold: 20m, then: rollback}}\n';

  test.each([
    ['a lookback', `  lookback: 5m\n${threshold}${rollout}`, {}],
    ['a share that has just changed', `${threshold}${rollout}`, { since: iso(59 * 60) }],
    ['all windows', `${sequential}${rollout}`, {}],
  ])('counts from the last window that both had, with %s', (_, text, more) => {
    const pending = { ...pendingAt(`  maxDuration: 3h\n${text}`, more), verdictOf };
    expect(decide(pending, silentFrom(58), at(64)).kind).toBe('hold');
    expect(decide(pending, silentFrom(58), at(77)).kind).toBe('hold');
    const { kind, reason } = decide(pending, silentFrom(58), at(78));
    expect([kind, reason]).toEqual(['roll back', expect.stringContaining('no data on v2 since 1970-01-01T00:58:00Z')]);
  });

  test('keeps the windows that it counts from as evidence', () => {
    const pending = { ...pendingAt(`  maxDuration: 3h\n  lookback: 5m\n${threshold}${rollout}`), verdictOf };
    const { evidence } = decide(pending, silentFrom(58), at(78));
    const ends = evidence?.kept.rows.map(({ end }) => end / 60) ?? [];
    expect([ends[0], ends.at(-1), ends.length]).toEqual([57, 78, 22]);
    const kept = new Map(evidence?.kept.rows.map(({ end, versions }) => [end, versions]));
    const recorded: SampleAnswer = {
      ...answerOf(() => healthy),
      sample: ({ version }, end) => kept.get(end)?.[version] ?? { missing: 'no evidence' },
    };
    expect(decide(pending, recorded, at(78))).toEqual(decide(pending, silentFrom(58), at(78)));
  });

  test('reports the windows that were judged alone', () => {
    const pending = { ...pendingAt(`${threshold}${rollout}`, { since: iso(59 * 60) }), verdictOf };
    const { evidence, report } = decide(
      pending,
      answerOf(() => healthy),
      at(61),
    );
    expect(evidence?.ledger.rows.map(({ end }) => end / 60)).toEqual([60, 61]);
    expect(report?.versions?.map(({ name, requests }) => [name, requests])).toEqual([
      ['v1', 2000],
      ['v2', 2000],
    ]);
  });

  test('changes nothing of what the judge is given', () => {
    const given: number[][] = [];
    const judge = ({ ledger }: JudgeInput) => {
      given.push(ledger.rows.map(({ end }) => end / 60));
      return verdict({ v2: 'inconclusive' });
    };
    for (const more of ['', rollout]) {
      const pending = { ...pendingAt(`  lookback: 5m\n${threshold}${more}`), verdictOf: judge };
      decide(
        pending,
        answerOf(() => healthy),
        at(30),
      );
    }
    expect(given).toEqual([
      [26, 27, 28, 29, 30],
      [26, 27, 28, 29, 30],
    ]);
  });
});

describe('analysis.lookback', () => {
  test('growing is what it is without any', () => {
    const second = fc.integer({ min: 0, max: 80_000 });
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(judges)), second, second, second, (judge, begin, since, now) => {
        const beginnings = { begin, since: Math.max(begin, since) };
        const clock = { now, delay: 5 };
        const asked = { interval: 60, judge };
        const usual = windowsSince(judge === 'threshold' ? beginnings.since : begin, { interval: 60, ...clock });
        expect(evidenceWindows(asked, beginnings, clock)).toEqual(usual);
        expect(evidenceWindows({ ...asked, lookback: 'growing' }, beginnings, clock)).toEqual(usual);
      }),
    );
  });

  test.each([30, 50])(
    'of more than a day of minutes leaves out whole looks of kayenta at every %i windows',
    (windows) => {
      const ends = Array.from({ length: 1700 }, (_, at) => at + 1).filter((end) => {
        const asked = { interval: 60, judge: 'kayenta', settings: { kayenta: { windows } } };
        const found = evidenceWindows(asked, { begin: 0, since: 0 }, at(end));
        if (found === undefined) return false;
        const rows = Array.from({ length: (found.lastEnd - found.firstEnd) / 60 + 1 }, (_, i) => {
          return { end: found.firstEnd + 60 * i, versions: {} };
        });
        const { after, rows: looked } = lookAt(rows, windows, { ledger: { interval: 60, rows } });
        return after === 0 && looked.length > 0;
      });
      expect(ends).toEqual(Array.from({ length: Math.floor(1700 / windows) }, (_, look) => windows * (look + 1)));
    },
  );

  test('gives threshold the last windows alone, and kayenta all of them', () => {
    const windows = (judge: string) =>
      evidenceWindows({ interval: 60, judge, lookback: 300 }, { begin: 120, since: 120 }, at(20));
    expect(windows('threshold')).toEqual({ interval: 60, firstEnd: 960, lastEnd: 1200 });
    expect(windows('kayenta')).toEqual({ interval: 60, firstEnd: 180, lastEnd: 1200 });
  });

  test('is refused where a promise holds for all windows together, and where it is no whole windows', () => {
    const refused = (lines: string) => {
      return refusalsOf(
        `${twoVersions('istio', 'blue-green')}analysis:\n  interval: 60s\n  objectives: [{metric: error-rate, upperLimit: 0.01}]\n${lines}`,
      );
    };
    for (const judge of ['sequential', 'bayesian']) {
      expect(refused(`  judge: ${judge}\n  lookback: 30m\n`)).toEqual([
        `analysis.lookback forgets windows, but what the judge ${judge} promises holds for all windows since the entry together`,
      ]);
      expect(refused(`  judge: ${judge}\n  lookback: growing\n  warmUp: 5m\n`)).toEqual([]);
    }
    expect(refused('  judge: threshold\n  lookback: 90s\n')).toEqual([
      'analysis.lookback is 90 s, no multiple of the interval, which is 60 s',
    ]);
    expect(refused('  judge: threshold\n  lookback: 4h\n')).toEqual([
      'analysis.lookback is 4h, above maxDuration, which is 3h',
    ]);
    expect(refused('  judge: threshold\n  lookback: shrinking\n')).toEqual([
      'analysis.lookback "shrinking" is no lookback',
    ]);
  });
});
