import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Host, HostName } from '../../../src/gitops/pull-requests/host.js';
import { openHost } from '../../../src/gitops/pull-requests/hosts.js';
import { defaultGit } from '../../../src/values/project/git.js';
import { scratchFolder } from '../scratch-repository.js';
import { type Dialect, type Exchange, FakeForge, forgeToken } from './fake-forge.js';

interface OpenOptions {
  readonly timeout?: number;
  readonly sleep?: (milliseconds: number) => Promise<void>;
}

/** Opens the host of a fake, as its account. */
export async function hostOf(name: HostName, { url }: FakeForge, options: OpenOptions = {}): Promise<Host> {
  const root = scratchFolder();
  writeFileSync(join(root, 'token'), forgeToken);
  const settings = { ...defaultGit, token: { file: 'token' } };
  const input = { url, repository: 'ada/releases', settings, root, remoteUrl: `${url}/ada/releases.git` };
  return (await openHost(name, { ...input, ...options })).host;
}

/** What every host does, on a fake server; `judge` returns what is wrong with what was said. */
export function hostSuite(name: HostName, dialect: Dialect, judge: (exchange: Exchange) => string[] = () => []): void {
  describe(`openHost() of ${name}`, () => {
    let forge: FakeForge;
    const paused: number[] = [];
    const hostWith = (options: OpenOptions = {}): Promise<Host> => {
      const sleep = async (milliseconds: number) => void paused.push(milliseconds);
      return hostOf(name, forge, { sleep, ...options });
    };
    const draft = { branch: 'sluice/reviews', base: 'main', title: 'promote', body: 'why\n' };

    beforeEach(async () => {
      paused.length = 0;
      forge = await FakeForge.start(dialect);
    });
    afterEach(async () => {
      await forge.stop();
      expect(forge.exchanges.flatMap(judge)).toEqual([]);
    });

    it('opens a request, and finds it by its branch', async () => {
      const host = await hostWith();
      const opened = await host.open(draft);
      expect(opened).toMatchObject({ number: 1, state: 'open', title: 'promote', body: 'why\n', labels: [] });
      expect(opened.url).toContain('/1');
      expect(await host.requestsOf('sluice/reviews')).toEqual([opened]);
      expect(await host.requestsOf('sluice/ratings')).toEqual([]);
    });

    it('returns the newest first, with their states, and none from forks', async () => {
      forge.keep({ branch: 'sluice/reviews', state: 'closed' });
      forge.keep({ branch: 'sluice/reviews', state: 'merged', mergedAt: '2026-01-02T03:04:05Z' });
      forge.keep({ branch: 'sluice/reviews', fork: true });
      const found = await (await hostWith()).requestsOf('sluice/reviews');
      expect(found.map(({ number, state }) => [number, state])).toEqual([
        [2, 'merged'],
        [1, 'closed'],
      ]);
      expect(found[0]?.mergedAt).toBe('2026-01-02T03:04:05Z');
    });

    it('changes the texts, labels it, asks for reviews, comments and closes', async () => {
      const host = await hostWith();
      const { number } = await host.open(draft);
      await host.update(number, { title: 'another', body: 'because\n' });
      await host.addLabels(number, ['gate', 'release']);
      await host.addReviewers(number, ['bob']);
      await host.comment(number, 'over');
      await host.update(number, { title: 'another', body: 'no more\n', close: true });
      expect(forge.kept).toMatchObject([
        {
          ...{ title: 'another', body: 'no more\n', state: 'closed' },
          ...{ labels: ['gate', 'release'], reviewers: ['bob'], comments: ['over'] },
        },
      ]);
    });

    it('says by its code that there is one already', async () => {
      const host = await hostWith();
      await host.open(draft);
      await expect(host.open(draft)).rejects.toMatchObject({ code: 'git/refused' });
    });

    it('waits as long as the server asks for, where that is not long', async () => {
      const limited = { status: 429, answer: { message: 'slower' }, headers: { 'retry-after': '7' } };
      forge.obstacles.push(limited, limited);
      await (await hostWith()).open(draft);
      expect(paused).toEqual([7000, 7000]);
      expect(forge.kept).toHaveLength(1);
    });

    it('waits for a secondary limit as well, and not beyond what a pass has time for', async () => {
      forge.obstacles.push({
        status: 403,
        answer: { message: 'secondary rate limit' },
        headers: { 'retry-after': '900' },
      });
      await expect((await hostWith()).open(draft)).rejects.toMatchObject({ code: 'git/limited' });
      expect(paused).toEqual([]);
    });

    it('asks again behind a gateway in trouble only where nothing may have been done', async () => {
      const trouble = { status: 502, answer: { message: 'bad gateway' } };
      const host = await hostWith();
      forge.obstacles.push(trouble);
      expect(await host.requestsOf('sluice/reviews')).toEqual([]);
      forge.obstacles.push(trouble);
      await expect(host.open(draft)).rejects.toMatchObject({ code: 'git/server-trouble' });
    });

    it('does not wait for a server that hangs', async () => {
      const host = await hostWith({ timeout: 100 });
      forge.obstacles.push('hang');
      await expect(host.requestsOf('sluice/reviews')).rejects.toMatchObject({ code: 'git/timeout' });
    });

    it('follows no redirect, so that the token goes nowhere else', async () => {
      const host = await hostWith();
      forge.obstacles.push({
        status: 307,
        answer: { message: 'elsewhere' },
        headers: { location: 'http://127.0.0.1:1/' },
      });
      await expect(host.requestsOf('sluice/reviews')).rejects.toMatchObject({ code: 'git/redirected' });
    });

    it('says what to do about a refusal, without the token', async () => {
      const host = await hostWith();
      forge.obstacles.push({ status: 403, answer: { message: `no ${forgeToken} may do that` } });
      const error = await host.open(draft).catch((each: unknown) => each);
      expect(error).toMatchObject({ code: 'git/forbidden', hint: expect.stringContaining('git.token') });
      expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(forgeToken);
      expect((error as Error).message).toContain('no *** may do that');
    });
  });
}
