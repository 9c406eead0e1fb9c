import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { asLanded } from '../../../src/cli/as-landed.js';
import { landedStatus } from '../../../src/cli/landing.js';
import { formatStatus, type Status } from '../../../src/evaluate/status.js';
import { loadValues } from '../../../src/values/load.js';
import { evaluationValues, reviewsValues } from '../../cli/workspace.js';
import { ScratchRepository } from '../scratch-repository.js';

const file = 'releases/reviews/values.yaml';
const path = 'releases/reviews/status.yaml';
const loaded = loadValues(reviewsValues + evaluationValues, { file, name: 'reviews', namespace: 'default' });

/** Decided at 10:00:30, for windows from 10:01 on. */
const decided = Date.parse('2026-01-02T10:00:30Z') / 1000;
const status: Status = {
  ...{ phase: 'Progressing', iteration: 4, share: 50, candidate: 'reviews-v2', message: '', settled: [] },
  ...{ startedAt: '2026-01-02T09:00:00.000Z', since: '2026-01-02T10:01:00.000Z' },
};
const hour = 3600;
const trailers = 'Sluice-Release: reviews\nSluice-Decision: advance\n';
const sealed = `${trailers}Sluice-Proposal: 0123456789abcdef\nSluice-Seal: 00\n`;

class History {
  readonly repository = new ScratchRepository({ 'README.md': 'r\n' });

  constructor() {
    this.commit({ ...status, iteration: 3 }, trailers, decided - hour);
  }

  git(at: number, ...args: readonly string[]): void {
    const date = `${at} +0000`;
    const env = { ...process.env, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
    execFileSync('git', args, { cwd: this.repository.root, env, stdio: 'pipe' });
  }

  commit(written: Status, message: string, at: number): void {
    this.repository.write(path, formatStatus(written));
    this.git(at, 'add', '--all');
    this.git(at, 'commit', '--quiet', '--message', `chore: step\n\n${message}`);
  }

  async landed(now = decided + 5 * hour, mergedAt?: number) {
    const asked: string[] = [];
    const found = await landedStatus(
      { root: this.repository.root },
      { id: 'reviews', loaded, status },
      {
        now,
        mergeTime: async (release, key) => {
          asked.push(`${release} ${key}`);
          return mergedAt;
        },
      },
    );
    return { byHand: found.byHand, since: found.status.since, startedAt: found.status.startedAt, asked };
  }
}

const untouched = { byHand: false, since: status.since, startedAt: status.startedAt, asked: [] };
const merged = { ...untouched, since: '2026-01-02T12:01:00.000Z' };

describe('landedStatus()', () => {
  it('leaves the windows of a decision that was committed straight, whenever that was', async () => {
    const history = new History();
    history.commit(status, trailers, decided + 2 * hour);
    expect(await history.landed()).toEqual(untouched);
  });

  it('begins the windows at the merge, by a commit that joins', async () => {
    const history = new History();
    history.git(decided, 'switch', '--quiet', '--create', 'sluice/reviews');
    history.commit(status, sealed, decided);
    history.git(decided, 'switch', '--quiet', 'main');
    history.git(decided + 2 * hour, 'merge', '--quiet', '--no-ff', '--message', 'Merge #1', 'sluice/reviews');
    expect(await history.landed()).toEqual(merged);
  });

  it('begins the windows at the merge, by a squash that lost the trailers', async () => {
    const history = new History();
    history.commit(status, 'promote (#1)', decided + 2 * hour);
    expect(await history.landed()).toEqual(merged);
  });

  it('begins the windows at the merge, by a rebase', async () => {
    const history = new History();
    history.commit(status, sealed, decided + 2 * hour);
    expect(await history.landed()).toEqual(merged);
  });

  it('asks the server when it was, where the branch was only moved', async () => {
    const history = new History();
    history.commit(status, sealed, decided);
    const asked = ['reviews 0123456789abcdef'];
    expect(await history.landed(decided + 5 * hour, decided + 2 * hour)).toEqual({ ...merged, asked });
    expect(await history.landed(decided + 5 * hour)).toEqual({ ...untouched, asked });
  });

  it('counts a first exposure from its merge as well', async () => {
    const history = new History();
    const first = { ...status, startedAt: new Date(decided * 1000).toISOString() };
    history.commit(first, sealed, decided + 2 * hour);
    const { status: found } = await landedStatus(
      { root: history.repository.root },
      { id: 'reviews', loaded, status: first },
      { now: decided + 5 * hour, mergeTime: async () => undefined },
    );
    expect(found.startedAt).toBe('2026-01-02T12:00:30.000Z');
  });

  it('counts who joined with it from its merge, and who was there before from its own entry', async () => {
    const history = new History();
    const joined = { name: 'reviews-v3', identity: 'x', share: 5 };
    const others = [
      { ...joined, startedAt: new Date(decided * 1000).toISOString() },
      { ...joined, name: 'reviews-v4', startedAt: '2026-01-02T09:30:00.000Z' },
    ];
    const several: Status = { ...status, others };
    history.commit(several, sealed, decided + 2 * hour);
    const { status: found } = await landedStatus(
      { root: history.repository.root },
      { id: 'reviews', loaded, status: several },
      { now: decided + 5 * hour, mergeTime: async () => undefined },
    );
    expect(found.others?.map(({ startedAt }) => startedAt)).toEqual([
      '2026-01-02T12:00:30.000Z',
      '2026-01-02T09:30:00.000Z',
    ]);
  });

  it('lets the pods of a fresh baseline start with the merge, before anything has windows', async () => {
    const { since: _, startedAt: __, ...rest } = status;
    const prepared: Status = {
      ...{ ...rest, phase: 'Initializing' },
      baseline: { name: 'reviews-v1-baseline', since: '2026-01-02T10:00:30.000Z' },
    };
    const history = new History();
    history.commit(prepared, sealed, decided + 2 * hour);
    const { status: found } = await landedStatus(
      { root: history.repository.root },
      { id: 'reviews', loaded, status: prepared },
      { now: decided + 5 * hour, mergeTime: async () => undefined },
    );
    expect(found.baseline?.since).toBe('2026-01-02T12:00:30.000Z');
    expect(found.since).toBeUndefined();
  });

  it('goes on with the windows of before where the decision changed nothing that is routed', async () => {
    const removed: Status = {
      ...{ ...status, startedAt: '2026-01-02T10:00:30.000Z', updatedAt: '2026-01-02T10:40:00.000Z' },
      baseline: { name: 'reviews-v1-baseline', since: '2026-01-02T09:50:00.000Z' },
    };
    const history = new History();
    history.commit(removed, sealed, decided + 2 * hour);
    const { status: found } = await landedStatus(
      { root: history.repository.root },
      { id: 'reviews', loaded, status: removed },
      { now: decided + 5 * hour, mergeTime: async () => undefined },
    );
    expect(found).toEqual(removed);
  });

  it('counts cleanup from the merge, whether or not decisions wait for requests', async () => {
    const at = new Date(decided * 1000).toISOString();
    const { since: _, startedAt: __, share: ___, ...rest } = status;
    const [out, lost] = [
      { name: 'reviews-v2', identity: 'x', outcome: 'rolled back', at },
      { name: 'reviews-v3', identity: 'x', outcome: 'lost', at: '2026-01-02T08:00:00.000Z' },
    ] as const;
    const over: Status = { ...rest, phase: 'RolledBack', updatedAt: at, settled: [out, lost] };
    const text = (reviewsValues + evaluationValues).replace('rollout: {', 'rollout: {cleanup: true, ');
    const cleaned = loadValues(text, { file, name: 'reviews', namespace: 'default' });
    const history = new History();
    history.git(decided, 'switch', '--quiet', '--create', 'sluice/reviews');
    history.commit(over, sealed, decided);
    history.git(decided, 'switch', '--quiet', 'main');
    history.git(decided + 2 * hour, 'merge', '--quiet', '--no-ff', '--message', 'Merge #1', 'sluice/reviews');
    for (const byRequest of [true, false]) {
      const found = await asLanded({ id: 'reviews', loaded: cleaned, status: over }, false, {
        ...{ place: { root: history.repository.root }, byRequest, now: decided + 5 * hour },
        mergeTime: async () => undefined,
        isByHand: () => false,
      });
      expect(found.status).toEqual({ ...over, settled: [{ ...out, at: '2026-01-02T12:00:30.000Z' }, lost] });
    }
  });

  it('takes what a person wrote for that: a revert, and another number', async () => {
    const reverted = new History();
    reverted.commit({ ...status, iteration: 5 }, trailers, decided + hour);
    reverted.commit(status, 'Revert "chore: step"', decided + 2 * hour);
    expect(await reverted.landed()).toEqual({ ...untouched, byHand: true });
  });

  it('is not led into the future by the clock of a server', async () => {
    const history = new History();
    history.commit(status, sealed, decided + 9 * hour);
    expect(await history.landed(decided + 2 * hour)).toEqual(merged);
  });

  it('knows nothing of what a shallow clone does not hold', async () => {
    const fresh = new History();
    fresh.repository.git('checkout', '--quiet', '--orphan', 'cut');
    fresh.commit(status, 'by whom', decided + 2 * hour);
    expect(await fresh.landed()).toEqual(untouched);
  });
});
