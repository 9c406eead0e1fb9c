import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide, pendingOf, windowsFor } from '../../src/evaluate/decide.js';
import { evidenceWindows } from '../../src/evaluate/evidence-windows.js';
import { identityOf } from '../../src/evaluate/identity.js';
import { windowsSince } from '../../src/evaluate/ledger.js';
import { initialStatus, type Status } from '../../src/evaluate/status.js';
import { type JudgeId, judges } from '../../src/judges/registry.js';
import type { Sample, SampleAnswer } from '../../src/release/evaluation.js';
import type { JudgeInput } from '../../src/release/judge.js';
import { loadedOf, refusalsOf, twoVersions } from '../release-of.js';
import { verdict } from './phase-world.js';

const iso = (seconds: number) => new Date(seconds * 1000).toISOString();

/** v2 entered at minute 2; the windows since are asked for at a minute. */
function pendingAt(analysis: string) {
  const loaded = loadedOf(`${twoVersions('istio', 'blue-green')}analysis:\n  interval: 60s\n${analysis}`);
  const status: Status = {
    ...initialStatus,
    ...{ phase: 'Progressing', iteration: 1, primary: 'v1', primaryIdentity: identityOf(loaded, 'v1') },
    ...{ candidate: 'v2', identity: identityOf(loaded, 'v2'), share: 10, startedAt: iso(120), since: iso(120) },
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

describe('analysis.lookback', () => {
  test('growing is what it is without any', () => {
    const second = fc.integer({ min: 0, max: 100_000 });
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
    expect(refused('  judge: threshold\n  lookback: 2h\n')).toEqual([
      'analysis.lookback is 2h, above maxDuration, which is 1h',
    ]);
    expect(refused('  judge: threshold\n  lookback: shrinking\n')).toEqual([
      'analysis.lookback "shrinking" is no lookback',
    ]);
  });
});
