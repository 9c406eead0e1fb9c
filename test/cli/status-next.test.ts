import { describe, expect, test } from 'vitest';
import { nextOf } from '../../src/cli/status/next.js';
import { decide, pendingOf } from '../../src/evaluate/decide.js';
import { identityOf } from '../../src/evaluate/identity.js';
import { situationOf } from '../../src/evaluate/situation.js';
import { initialStatus, type Status } from '../../src/evaluate/status.js';
import { isoTime } from '../../src/release/iso-time.js';
import { verdict } from '../evaluate/phase-world.js';
import { loadedOf, twoVersions } from '../release-of.js';

const minute = (minutes: number) => isoTime(minutes * 60);
const healthy = { requests: 1000, errors: 1, latencySum: 20_000 };

/** v2 was given its share just before `since`. */
function underway(judge: string, { since, startedAt, warmUp }: { since: number; startedAt: number; warmUp: string }) {
  const kayenta = judge === 'kayenta' ? '{metric: error-rate}' : '{metric: error-rate, upperLimit: 0.01}';
  const loaded = loadedOf(
    `${twoVersions('istio', 'blue-green')}analysis: {interval: 60s, judge: ${judge}, warmUp: ${warmUp}, objectives: [${kayenta}]}\n`,
  );
  const status: Status = {
    ...{ ...initialStatus, phase: 'Progressing', iteration: 1 },
    ...{ primary: 'v1', primaryIdentity: identityOf(loaded, 'v1') },
    ...{ candidate: 'v2', identity: identityOf(loaded, 'v2'), share: 10 },
    ...{ startedAt: minute(startedAt), since: minute(since) },
  };
  return { loaded, status };
}

/** Returns the first second from `now` on in which a pass judges something that is new after the change of shares. */
function firstLook({ loaded, status }: ReturnType<typeof underway>, now: number): string | undefined {
  const found = pendingOf({ id: 'shop', loaded, status }, undefined);
  if (found === undefined) throw new Error('no analysis');
  const verdictOf = () => verdict({ v2: 'inconclusive' });
  const answer = { sample: () => healthy, warnings: [], queries: [] };
  for (let at = now; at < now + 3600; at++) {
    const { reason, evidence } = decide({ ...found, verdictOf }, answer, { now: at, delay: 5 });
    if (evidence !== undefined && !reason.includes('window is complete at')) return isoTime(at);
  }
  return undefined;
}

describe('nextOf()', () => {
  test.each(['sequential', 'bayesian', 'kayenta', 'threshold'])(
    'names the moment in which %s has something new to judge',
    (judge) => {
      for (const [since, startedAt, warmUp] of [
        [20, 2, '0s'],
        [20, 19, '0s'],
        [20, 2, '30m'],
        [3, 2, '0s'],
      ] as const) {
        const release = underway(judge, { since, startedAt, warmUp });
        const now = since * 60 - 54;
        const situation = situationOf(release.loaded, release.status);
        const { at } = nextOf(release.loaded, { situation, status: release.status, clock: { now, delay: 5 } });
        expect([since, startedAt, warmUp, at]).toEqual([since, startedAt, warmUp, firstLook(release, now)]);
      }
    },
  );

  test.each([
    ['sequential', '00:20:05Z'],
    ['threshold', '00:21:05Z'],
  ])('says after a raise when %s looks again', (judge, says) => {
    const { loaded, status } = underway(judge, { since: 20, startedAt: 2, warmUp: '0s' });
    const clock = { now: 19 * 60 + 6, delay: 5 };
    expect(nextOf(loaded, { situation: situationOf(loaded, status), status, clock }).text).toBe(`look at ${says}`);
  });
});
